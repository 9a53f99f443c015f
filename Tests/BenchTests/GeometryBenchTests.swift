import Logging
import TestSupport
import Testing

@testable import Bench
@testable import Moments
@testable import Plan

@Suite("Bench of geometry")
struct GeometryBenchTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func options(_ given: [String: String]) throws -> GeometryBenchOptions {
    try GeometryBenchOptions(
      Dictionary(
        uniqueKeysWithValues: given.map { name, value in
          (name, StageDescription.Option(.option("--\(name)"), [Located(value, .option("--\(name)"))]))
        }), of: "bench")
  }

  @Test("Every subject has a positive, finite time and rate; the sweep is compared with the product")
  func whole() async throws {
    let options = try options([
      "classes": "300", "dimension": "16", "vocabulary": "500", "rows": "64", "repeats": "2", "threads": "2",
    ])
    let report = try await GeometryBench(options, log: Self.log, memory: 1 << 30).run()
    let numbers = try Golden.numbers(Array(report.json.text.utf8))
    for key in [
      "dgemm.seconds", "sweep.seconds", "sweep.pairs_per_second", "sgemm.seconds", "decide.seconds",
      "decide.share_of_sgemm",
    ] {
      #expect(numbers[key].map { $0 > 0 && $0.isFinite } ?? false, "\(key)")
    }
    let ratio = try #require(numbers["sweep.seconds"]) / (try #require(numbers["dgemm.seconds"]))
    #expect(Golden.deviation(numbers["sweep.times_of_dgemm"], ratio) < 1e-12)
    #expect(report.table.contains("whole sweep over pairs"))
  }

  @Test("Input that does not fit in memory is refused before it is made")
  func memory() async throws {
    let bench = GeometryBench(try options(["classes": "1e6", "dimension": "4096"]), log: Self.log, memory: 1 << 30)
    await #expect(throws: MomentsError.self) { try await bench.run() }
  }

  @Test(
    "Wrong options are reported with advice", arguments: [("classes", "1"), ("dimension", "wide"), ("repeats", "0")])
  func wrong(name: String, value: String) {
    #expect(throws: PipelineError.self) { try options([name: value]) }
  }
}
