import Stages

enum MergeVerb: StageVerb {
  typealias Kind = MergeStage

  static let abstract =
    "Merge states as if their samples had been accumulated together, or merge decisions on several streams."

  static let discussion = """
    States are merged in the order given, as a tree of adjacent pairs. The same order gives the same bytes, whatever the \
    memory and the number of threads. On a cluster, separate jobs may merge groups of 2, 4, 8, … consecutive states. \
    Merging their results in order gives the same bytes as one merge.

    EXAMPLE
      collapse merge 'shard-*.h5' --output moments.h5
      collapse merge 'shard-*.h5' --output moments.h5 --memory 4GiB
      collapse merge 'decisions-*.h5' --output decisions.h5
    """
}
