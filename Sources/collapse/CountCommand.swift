import ArgumentParser
import Stages

struct CountCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Count how often each token class occurs.",
    discussion: """
      Files hold NPY arrays of token ids, or, with --token-type, nothing but little-endian integers; or they are embedding \
      streams, of which the labels count and features are passed over. All of them plain or Zstandard. Where 2-d token ids or an \
      option say where sequences end, what counts is the labels that accumulate --tokens would give: the next token of each \
      position, in its sequence. The table (CSV) \
      has a row a token id: token, count.

      EXAMPLE
        collapse count train.bin --token-type uint16 --output counts.csv
        collapse count train.bin --token-type uint16 --end-of-text 50256
        collapse count 'train-*.npy.zst'
      """)

  @Argument(help: ArgumentHelp("Files, globs in natural order (quoted), or - for standard input.", valueName: "input"))
  var inputs: [String]

  @Option(name: .shortAndLong, help: "Where to write the table (CSV), instead of printing it.")
  var output: String?

  @Option(help: Verb.help(CountStage.self, "threads"))
  var threads: String?

  @OptionGroup var sequences: SequencesGroup

  @OptionGroup var process: ProcessOptionGroup

  func run() async throws {
    var verb = Verb()
    verb.stage(
      CountStage.name,
      [
        "files": Verb.arguments("INPUT", inputs), "threads": Verb.option("threads", threads),
        "output": Verb.option("output", output),
      ].merging(sequences.options) { own, _ in own })
    for result in try await verb.run(process) { try Results.print(result.table) }
  }
}
