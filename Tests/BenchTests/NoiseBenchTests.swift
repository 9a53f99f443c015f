import Logging
import Storage
import Support
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

  /// A stream of two features, in which class 6 is rare and the others have 70 samples each, as a file.
  private func stream(_ folder: TemporaryFolder, classes: Int32 = 6) throws -> String {
    var random = SplitMix64(seed: 3)
    let labels: [Int32] = (0..<70).flatMap { _ in Array(0..<classes) } + [6, 6]
    let features: [Float] = labels.flatMap { [Float($0) + random.normal(), random.normal()] }
    return try folder.write("stream.npy", NPY.labels(labels) + NPY.features("<f4", features, dimension: 2))
  }

  @Test("Corpora drawn from a stream have its means as truth; half of the classes have one sample")
  func resampled() throws {
    let folder = try TemporaryFolder()
    let corpora = try ResampledCorpora(stream(folder), seed: 1, threads: 1)
    #expect(corpora.classes == 6 && corpora.populationSamples == 420 && corpora.dimension == 2)
    #expect(corpora.squaredTrace >= 0.5 && corpora.squaredTrace < 0.6)
    let truths = [-1, 0, 1, 2].map(corpora.truth)
    for truth in truths { #expect(truth.counts.sorted() == [1, 1, 1, 70, 70, 70] && truth.means == truths[0].means) }
    #expect(Set(truths.map(\.counts)).count > 1)
    for (c, spread) in truths[0].spreads.enumerated() {
      #expect((truths[0].means[2 * c] - Double(c)).magnitude < 0.6 && spread > 1 && spread < 3.5)
    }
    let table = try corpora.draw(truths[0], 0)
    #expect(table.counts == truths[0].counts && table.withinScatter != nil)
    #expect(try corpora.draw(truths[0], 0) == table)
    #expect(try corpora.draw(truths[0], 1) != table)
  }

  @Test("With a stream, corrections are right and raw values are not")
  func wholeResampled() async throws {
    let folder = try TemporaryFolder()
    let report = try await NoiseBench(options(["corpora": "100", "stream": stream(folder)]), log: Self.log).run()
    let found = try #require(report.lines.first { $0.statistic == CorrectedTraces.between.id }).columns[0]
    let raw = try #require(report.lines.first { $0.statistic == Traces.between.id }).columns[0]
    #expect(found.biasInErrors.magnitude < 4 && raw.biasInErrors > 4 && raw.bias > 0.1)
    #expect(report.table.contains("420 samples of 6 frequent classes") && "\(report.json)".contains("resampled"))
  }

  @Test("A stream with few frequent classes is refused")
  func tooFew() throws {
    let folder = try TemporaryFolder()
    #expect { try ResampledCorpora(stream(folder, classes: 2), seed: 0, threads: 1) } throws: { error in
      (error as? StreamError)?.kind == .empty
    }
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
