import ArgumentParser
import Bench

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure what this machine makes of streams, of geometry and of merging, against its limits.",
    discussion: """
      EXAMPLE
        collapse bench
        collapse bench geometry
        collapse bench merge
      """,
    subcommands: [BenchStreamCommand.self, BenchGeometryCommand.self, BenchMergeCommand.self],
    defaultSubcommand: BenchStreamCommand.self)
}

struct BenchStreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract:
      "Measure what this machine makes of a synthetic stream, and foretell the time for a corpus (the default).",
    discussion: """
      Labels have the skew of language (Zipf's law); features are a class mean plus noise and compress as real ones do. \
      Memory, decompression, kernel and the whole are each measured in one run and set against what limits them. The \
      stream is read from the system's cache: what a disk or a network adds is not seen.

      EXAMPLE
        collapse bench
        collapse bench --dimension 4096 --type bfloat16 --vocabulary 128256 \\
          --corpus 1e10 --threads 16
      """)

  @Option(help: Verb.help(BenchOptions.specs, "rows"))
  var rows: String?

  @Option(help: Verb.help(BenchOptions.specs, "dimension"))
  var dimension: String?

  @Option(help: Verb.help(BenchOptions.specs, "vocabulary"))
  var vocabulary: String?

  @Option(help: Verb.help(BenchOptions.specs, "type"))
  var type: String?

  @Option(help: Verb.help(BenchOptions.specs, "within"))
  var within: String?

  @Option(help: Verb.help(BenchOptions.specs, "threads"))
  var threads: String?

  @Option(help: Verb.help(BenchOptions.specs, "repeats"))
  var repeats: String?

  @Option(help: Verb.help(BenchOptions.specs, "scratch"))
  var scratch: String?

  @Option(help: Verb.help(BenchOptions.specs, "corpus"))
  var corpus: String?

  @OptionGroup var format: FormatOption

  func run() async throws {
    let given = Verb.given([
      "rows": rows, "dimension": dimension, "vocabulary": vocabulary, "type": type, "within": within,
      "threads": threads, "repeats": repeats, "scratch": scratch, "corpus": corpus,
    ])
    let report = try await Bench(BenchOptions(given), log: ConsoleLog.logger).run()
    try format.print(table: report.table, json: report.json)
  }
}
