import Testing

@testable import Geometry
@testable import Moments

@Suite("Histograms of pair statistics")
struct PairHistogramsTests {
  private func pairs(_ table: MomentsTable) throws -> [Pair] {
    let means = try table.centred()
    return (0..<means.classes).flatMap { a in
      (a + 1..<means.classes).map { b in
        means.pair(a, b, inner: inner(Array(means.centred[row: a]), Array(means.centred[row: b])))
      }
    }
  }

  @Test("Every pair is in the bin that its value is in, of every statistic")
  func bins() throws {
    let pairs = try pairs(MomentsTable.random(40, 4))
    var histograms = PairHistograms()
    for pair in pairs { histograms.add(pair) }
    for statistic in Statistics.overPairs {
      let histogram = histograms.of(statistic.slot)
      #expect(histogram.edges.count == histogram.pairs.count + 1)
      #expect(zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 }, "\(statistic.id)")
      #expect(histogram.pairs.reduce(0, +) == pairs.count)
      for (bin, count) in histogram.pairs.enumerated() {
        let range = histogram.edges[bin]..<histogram.edges[bin + 1]
        #expect(pairs.count { range.contains(statistic.value($0)) } == count, "\(statistic.id) \(range)")
      }
    }
  }

  @Test("Edges are those that are documented")
  func edges() {
    let histograms = PairHistograms()
    #expect(histograms.of(.interference).edges.first == -1)
    #expect(histograms.of(.interference).edges[257] == 1.0 / 256)
    #expect(histograms.of(.absoluteInterference).edges.first == 0)
    #expect(histograms.of(.angularDistance).edges.last == 2)
    #expect(histograms.of(.rieszEnergy).edges.first == 0.5)
    #expect(histograms.of(.logarithmicEnergy).edges.last == .infinity)
    #expect(histograms.of(.classDistanceNormalizedVariance).edges[8 * 32] == 1)
    #expect(histograms.of(.classDistanceNormalizedVariance).edges[8 * 32 + 1] == 1.125)
    #expect(histograms.of(.squaredClassDistanceNormalizedVariance).edges[4 * 64 + 3] == 1.75)
  }

  @Test("Values beyond the bins are in the first and the last, infinite ones in none")
  func extremes() {
    var histograms = PairHistograms()
    histograms.add(Pair(squaredDistance: 1, variances: 0, cosine: -1, chord: 2))
    histograms.add(Pair(squaredDistance: 1e-30, variances: 1, cosine: 1, chord: 0))
    histograms.add(Pair(squaredDistance: 0, variances: 1, cosine: .nan, chord: .nan))
    let cdnv = histograms.of(.classDistanceNormalizedVariance).pairs
    #expect(cdnv.first == 1 && cdnv.last == 1 && cdnv.reduce(0, +) == 2)
    let cosine = histograms.of(.interference).pairs
    #expect(cosine.first == 1 && cosine.last == 1 && cosine.reduce(0, +) == 2)
  }
}
