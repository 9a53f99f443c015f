import ArgumentParser
import Bench

struct BenchMergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Measure how time and memory of a merge grow with the number of states, in a simulation of shards.",
    discussion: """
      Shards are those of a made-up stream, and their states real ones, written to scratch. All of them are merged, and a \
      half, a quarter and an eighth; each time is set against that of reading the same files from end to end. The files \
      are read from the system's cache: what a disk or a network adds is not seen.

      EXAMPLE
        collapse bench merge
        collapse bench merge --states 256 --vocabulary 32000 --dimension 512 \\
          --within pooled --memory 1GiB
      """)

  @Option(help: Verb.help(MergeBenchOptions.specs, "states"))
  var states: String?

  @Option(help: Verb.help(MergeBenchOptions.specs, "vocabulary"))
  var vocabulary: String?

  @Option(help: Verb.help(MergeBenchOptions.specs, "dimension"))
  var dimension: String?

  @Option(help: Verb.help(MergeBenchOptions.specs, "type"))
  var type: String?

  @Option(help: Verb.help(MergeBenchOptions.specs, "within"))
  var within: String?

  @Option(help: Verb.help(MergeBenchOptions.specs, "memory"))
  var memory: String?

  @Option(help: Verb.help(MergeBenchOptions.specs, "threads"))
  var threads: String?

  @Option(help: Verb.help(MergeBenchOptions.specs, "repeats"))
  var repeats: String?

  @Option(help: Verb.help(MergeBenchOptions.specs, "scratch"))
  var scratch: String?

  @OptionGroup var format: FormatOption

  func run() async throws {
    let given = Verb.given([
      "states": states, "vocabulary": vocabulary, "dimension": dimension, "type": type, "within": within,
      "memory": memory, "threads": threads, "repeats": repeats, "scratch": scratch,
    ])
    let report = try await MergeBench(MergeBenchOptions(given), log: ConsoleLog.logger).run()
    try format.print(table: report.table, json: report.json)
  }
}
