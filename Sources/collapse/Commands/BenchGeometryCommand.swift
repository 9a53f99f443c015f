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

  @OptionGroup var options: Options<GeometryBenchOptions>

  @OptionGroup var format: FormatOption

  func run() async throws {
    let report = try await GeometryBench(
      GeometryBenchOptions(options.given, of: "bench geometry"), log: ConsoleLog.logger
    ).run()
    try format.print(table: report.table, json: report.json)
  }
}
