import ArgumentParser
import Bench

struct BenchGeometryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "geometry",
    abstract: "Measure how fast the pair sweep and decide run, compared with the matrix products they need.",
    discussion: """
      Class means, classifier and samples are synthetic. OpenBLAS computes the products on the same number of threads.

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
