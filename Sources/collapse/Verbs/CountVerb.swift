import Stages

enum CountVerb: StageVerb {
  typealias Kind = CountStage
  typealias Own = PrintedTable

  static let abstract = "Count how often each token class occurs."

  static let discussion = """
    Files hold token ids: NPY arrays, f.h5#name, files of llm.c or Megatron or, with --token-type, raw little-endian \
    integers. They may also be embedding streams of any format: their labels are counted and their features skipped. The \
    table (CSV) has one row per token id: token, count.

    If 2-d token ids or an option mark where sequences end, the labels of accumulate --tokens are counted: each \
    position's next token.

    EXAMPLE
      collapse count train.bin --token-type uint16 --output counts.csv
      collapse count train.bin --token-type uint16 --end-of-text 50256
      collapse count 'train-*.npy.zst'
      collapse count stream.h5 --labels next --features hidden
    """
}
