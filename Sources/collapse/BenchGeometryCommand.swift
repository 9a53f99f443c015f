import ArgumentParser
import Bench

struct BenchGeometryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "geometry",
    abstract: "Measure the sweep over pairs of classes and decide, against the matrix products they cannot do without.",
    discussion: """
      Class means, classifier and samples are made up. The products are OpenBLAS's, with as many threads.

      EXAMPLE
        collapse bench geometry
        collapse bench geometry --classes 128256 --dimension 4096 --threads 64
      """)

  @Option(help: Verb.help(GeometryBenchOptions.specs, "classes"))
  var classes: String?

  @Option(help: Verb.help(GeometryBenchOptions.specs, "dimension"))
  var dimension: String?

  @Option(help: Verb.help(GeometryBenchOptions.specs, "vocabulary"))
  var vocabulary: String?

  @Option(help: Verb.help(GeometryBenchOptions.specs, "rows"))
  var rows: String?

  @Option(help: Verb.help(GeometryBenchOptions.specs, "threads"))
  var threads: String?

  @Option(help: Verb.help(GeometryBenchOptions.specs, "repeats"))
  var repeats: String?

  @OptionGroup var format: FormatOption

  func run() async throws {
    let given = Verb.given([
      "classes": classes, "dimension": dimension, "vocabulary": vocabulary, "rows": rows, "threads": threads,
      "repeats": repeats,
    ])
    let report = try await GeometryBench(GeometryBenchOptions(given), log: ConsoleLog.logger).run()
    try format.print(table: report.table, json: report.json)
  }
}
