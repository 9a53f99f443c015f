import Synchronization
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Measuring")
struct MeasuresComputationTests {
  @Test("A collapsed model shows it in every statistic")
  func collapsed() throws {
    let k = 9
    let table = MomentsTable(
      means: unitVectors(k), m2: [Double](repeating: 0, count: k),
      withinScatter: [[Double]](repeating: [Double](repeating: 0, count: k), count: k))
    let measures = try table.measure(classifier: try table.centred().centred.vectors)
    for id in ["nc1_quotient", "nc1_pinv", "nc1_svd"] { #expect(try measures.scalar(id) == 0) }
    for id in ["nc2_etf_error", "nc3_dual_error"] { #expect(try #require(try measures.scalar(id)) < 1e-14) }
    #expect(try measures.pairs("nc1_cdnv").mean == 0)
    #expect(deviation(try measures.classes("nc3_cosine").mean, 1) < 1e-15)
    #expect(deviation(try measures.scalar("nc2_max_coherence"), -1.0 / 8) < 1e-14)
  }

  @Test("Any number of threads gives the same bits", arguments: [2, 3, 8])
  func threads(number: Int) throws {
    let table = MomentsTable.random(400, 140)
    let classifier = Matrix.random(400, 140, seed: 3)
    let one = try Measures(of: ClassSelection(table), classifier: classifier, options: GeometryOptions(threads: 1))
    let many = try Measures(
      of: ClassSelection(table), classifier: classifier, options: GeometryOptions(threads: number))
    #expect(many == one)
    #expect(many.json.text == one.json.text)
  }

  @Test("One class has sizes and traces, and nothing else is defined")
  func single() throws {
    let table = MomentsTable(means: [[1, 2]], withinScatter: [[1, 0], [0, 1]])
    let measures = try table.measure(classifier: [[1, 1]])
    #expect(try measures.scalar("within_trace") == 1)
    for id in ["nc1_cdnv", "nc2_interference", "gnc2_log", "gnc2_distance"] {
      #expect(measures[id]?.json == ["mean": .null, "std": .null])
    }
    for id in ["nc1_quotient", "nc1_pinv", "nc2_max_coherence", "nc2_etf_error", "nc3_dual_error"] {
      #expect(measures[id]?.json == .null)
    }
    #expect(measures.classes[.norm]?.numbers == [0] && measures.classes[.meanCDNV]?.numbers == [nil])
  }

  @Test("An offset of a million changes nothing beyond the rounding of the means")
  func offset() throws {
    // Multiples of 2⁻²⁰, so that adding the offset is exact.
    let means = Matrix.random(60, 8, seed: 4).vectors.map { $0.map { ($0 * 0x1p20).rounded() * 0x1p-20 } }
    let scatter = MomentsTable.random(1, 8).withinScatter?.vectors
    let plain = try MomentsTable(means: means, withinScatter: scatter).measure(classifier: means)
    let shifted = try MomentsTable(means: means.map { $0.map { $0 + 1e6 } }, withinScatter: scatter)
      .measure(classifier: means)
    for (a, b) in zip(shifted.measurements, plain.measurements) {
      for (x, y) in zip(numbers(a), numbers(b)) { #expect(deviation(x, y) < 1e-11, "\(a.id)") }
    }
  }

  @Test("Without the sweep over pairs, the other statistics have the same values, and nothing else is there")
  func withoutPairs() throws {
    let table = MomentsTable.random(60, 8)
    let (cheap, all) = (try Measures.withoutPairs(of: table), try table.measure())
    #expect(all.measurements.map(\.id).filter(cheap.map(\.id).contains) == cheap.map(\.id))
    #expect(cheap.map(\.id).contains("nc1_pinv") && !cheap.map(\.id).contains("nc1_cdnv"))
    for measurement in cheap { #expect(measurement == all[measurement.id]) }
  }

  @Test("Without the sweep, the deviation of interference near a simplex is undefined")
  func withoutPairsNearSimplex() throws {
    let measurements = try Measures.withoutPairs(of: MomentsTable(means: unitVectors(9)))
    let json = try #require(measurements.first { $0.id == "nc2_interference" }).json
    #expect(json["std"] == .null)
    #expect(json["mean"] == (try MomentsTable(means: unitVectors(9)).measure())["nc2_interference"]?.json["mean"])
  }

  @Test("An error thrown by its checkpoint ends it")
  func withoutPairsCancelled() {
    #expect(throws: CancellationError.self) {
      try Measures.withoutPairs(of: MomentsTable.random(6, 3)) { throw CancellationError() }
    }
  }

  @Test("Progress ends with all tiles done")
  func progress() throws {
    let last = Mutex((0, 0))
    _ = try Measures(of: ClassSelection(MomentsTable.random(300, 3))) { done, of in last.withLock { $0 = (done, of) } }
    #expect(last.withLock { $0 } == (3, 3))
  }

  private func numbers(_ measurement: Measurement) -> [Double] {
    switch measurement.value {
    case .scalar(let value): [value].compactMap { $0 }
    case .overPairs(let pairs): [pairs.mean, pairs.std].compactMap { $0 }
    case .overClasses(let classes): [classes.mean, classes.std, classes.cv].compactMap { $0 }
    default: []
    }
  }
}
