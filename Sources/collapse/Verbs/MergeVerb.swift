import Stages

enum MergeVerb: StageVerb {
  typealias Kind = MergeStage

  static let abstract =
    "Merge states as if their samples had been accumulated together; or decisions of several streams."

  static let discussion = """
    States are merged in the order given, by a tree of adjacent pairs: the same order gives the same bytes, within any \
    memory and by any number of threads. On a cluster, groups of 2, 4, 8, … states that follow one another may be merged \
    by jobs of their own, and then the results in order: that gives the bytes of one merge of all.

    EXAMPLE
      collapse merge 'shard-*.h5' --output moments.h5
      collapse merge 'shard-*.h5' --output moments.h5 --memory 4GiB
      collapse merge 'decisions-*.h5' --output decisions.h5
    """
}
