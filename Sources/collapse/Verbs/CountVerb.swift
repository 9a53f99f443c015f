import Stages

enum CountVerb: StageVerb {
  typealias Kind = CountStage
  typealias Own = PrintedTable

  static let abstract = "Count how often each token class occurs."

  static let discussion = """
    Files hold NPY arrays of token ids, or, with --token-type, nothing but little-endian integers; or they are embedding \
    streams, of which the labels count and features are passed over. All of them plain or Zstandard. Where 2-d token ids or an \
    option say where sequences end, what counts is the labels that accumulate --tokens would give: the next token of each \
    position, in its sequence. The table (CSV) \
    has a row a token id: token, count.

    EXAMPLE
      collapse count train.bin --token-type uint16 --output counts.csv
      collapse count train.bin --token-type uint16 --end-of-text 50256
      collapse count 'train-*.npy.zst'
    """
}
