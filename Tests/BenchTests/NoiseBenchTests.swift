import Logging
import TestSupport
import Testing

@testable import Bench
@testable import Geometry
@testable import Plan

@Suite("Bench of noise")
struct NoiseBenchTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func options(_ given: [String: String]) throws -> NoiseBenchOptions {
    try NoiseBenchOptions(
      Dictionary(
        uniqueKeysWithValues: given.map { name, value in
          (name, StageDescription.Option(.option("--\(name)"), [Located(value, .option("--\(name)"))]))
        }), of: "bench")
  }

  @Test("Each statistic has its bias and the ratio of its errors, by shape and fewest samples; threads change nothing")
  func whole() async throws {
    let given = ["corpora": "8", "classes": "12", "dimension": "4", "samples": "120"]
    let report = try await NoiseBench(options(given.merging(["threads": "2"]) { $1 }), log: Self.log).run()
    #expect(report.lines.count == 2 * NoiseStatistic.all.count)
    for column in report.lines.flatMap(\.columns) { #expect(column.errorRatio > 0.2 && column.errorRatio < 5) }
    let raw = try #require(report.lines.first { $0.statistic == Traces.between.id })
    #expect(raw.columns[0].bias > 0.05)
    #expect("\(report.json)".contains("error_over_scatter") && report.table.contains("min-count"))
    let again = try await NoiseBench(options(given.merging(["threads": "1"]) { $1 }), log: Self.log).run()
    #expect(again.table == report.table)
  }

  @Test("A shape has the asked t₂", arguments: [0.125, 0.25, 0.6])
  func shape(squaredTrace: Double) {
    let shape = SimulatedCorpora(classes: 2, dimension: 8, samples: 9, squaredTrace: squaredTrace, seed: 0).shape
    #expect((shape.reduce(0) { $0 + $1 * $1 } - squaredTrace).magnitude < 1e-9)
  }

  @Test("Wrong options are reported with advice", arguments: [("corpora", "1"), ("dimension", "wide")])
  func wrong(name: String, value: String) {
    #expect(throws: PipelineError.self) { try options([name: value]) }
  }
}
