import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Input of the statistics")
struct ClassGeometryTests {
  /// Four corners of a rectangle about (0, 0), tokens 0 to 3, with 1 to 4 samples.
  private let table = MomentsTable(
    means: [[3, 1], [-3, 1], [3, -1], [-3, -1]], m2: [0, 2, 3, 5], counts: [1, 2, 3, 4],
    withinScatter: [[6, 1], [1, 4]])

  private func geometry(
    _ filter: ClassFilter = ClassFilter(), classifier: [[Double]]? = nil, outside: [Double]? = nil,
    options: GeometryOptions = GeometryOptions()
  ) throws -> ClassGeometry {
    try ClassGeometry(
      ClassSelection(table, filter), classifier: classifier.map { Matrix($0) },
      outOfDistribution: outside.map { OutOfDistributionMean(MomentsTable(means: [$0])) }, options: options)
  }

  @Test("K·Σ_B is Σ m mᵀ: 36 and 4 for the corners of a rectangle, for any counts", arguments: [1, 3])
  func between(threads: Int) throws {
    let geometry = try geometry(options: GeometryOptions(threads: threads))
    #expect(geometry.betweenScatter.elements == [36, 0, 0, 4])
    #expect(geometry.threads == threads && geometry.pairs == nil && geometry.classifierNorms == nil)
  }

  @Test("StreamSamples, trace and scatter cover all classes, means only the selected ones")
  func selected() throws {
    let all = try geometry()
    #expect(all.samples == 10 && all.withinTrace == 1 && all.selectedTokens == nil)
    let some = try geometry(ClassFilter(minCount: 3))
    #expect(some.samples == 10 && some.withinTrace == 1 && some.withinScatter?.elements == [6, 1, 1, 4])
    #expect(some.selectedTokens == [2, 3])
    // (3, −1) and (−3, −1) about (0, −1).
    #expect(some.means.centred.vectors == [[3, 0], [-3, 0]] && some.betweenScatter.elements == [18, 0, 0, 0])
  }

  @Test("A classifier has a row per class, whose lengths are kept")
  func classifier() throws {
    let rows = [[3.0, 4], [0, 1], [5, 12], [0, 2]]
    #expect(try geometry(classifier: rows).classifierNorms == [5, 1, 13, 2])
    #expect(throws: GeometryError.classifierRows(expected: 4, found: 3)) {
      try geometry(classifier: Array(rows.prefix(3)))
    }
    #expect(throws: GeometryError.classifierDimension(expected: 2, found: 1)) {
      try geometry(classifier: rows.map { [$0[0]] })
    }
    #expect(throws: GeometryError.outOfRange(token: 1, what: "classifier row", norm: 1e80)) {
      try geometry(classifier: [[3, 4], [0, 1e80], [5, 12], [0, 2]])
    }
    #expect(throws: GeometryError.outOfDistributionDimension(expected: 2, found: 3)) {
      try geometry(outside: [1, 2, 3])
    }
  }

  @Test("The sweep covers every pair, or a sample of them")
  func pairs() throws {
    func swept(_ sampling: PairSampling?) throws -> PairSweep {
      try PairSweep(try geometry().means, sampling: sampling, checkCancellation: {})
    }
    let all = try swept(nil)
    #expect(all.tallies["gnc2_distance"]?.spread.count == 6 && all.neighbourhoods?.count == 4)
    let some = try swept(PairSampling(pairs: 100))
    #expect(some.tallies["gnc2_distance"]?.spread.count == 100 && some.neighbourhoods == nil)
  }
}
