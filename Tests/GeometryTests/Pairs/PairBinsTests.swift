import Testing

@testable import Geometry
@testable import Moments

@Suite("Histograms of pair statistics")
struct PairBinsTests {
  private func tallies(_ pairs: [Pair]) -> [String: PairAccumulator] {
    Dictionary(uniqueKeysWithValues: Statistics.overPairs.map { ($0.id, $0.accumulator(pairs)) })
  }

  @Test("Every pair is in the bin of its value, for every statistic")
  func bins() throws {
    let means = try MomentsTable.random(40, 4).centred()
    let pairs = (0..<means.classes).flatMap { a in
      (a + 1..<means.classes).map { b in
        means.pair(a, b, inner: inner(Array(means.centred[row: a]), Array(means.centred[row: b])))
      }
    }
    let tallies = tallies(pairs)
    for statistic in Statistics.drawnOverPairs {
      let histogram = statistic.histogram(tallies)
      #expect(histogram.edges.count == histogram.pairs.count + 1)
      #expect(zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 }, "\(statistic.id)")
      #expect(histogram.pairs.reduce(0, +) == pairs.count)
      for (bin, count) in histogram.pairs.enumerated() {
        let range = histogram.edges[bin]..<histogram.edges[bin + 1]
        #expect(pairs.count { range.contains(statistic.value($0)) } == count, "\(statistic.id) \(range)")
      }
    }
  }

  @Test("Edges are as documented")
  func edges() {
    func edges(_ statistic: any PairStatistic) -> [Double] { statistic.histogram([:]).edges }
    #expect(edges(Interference()).first == -1 && edges(Interference())[257] == 1.0 / 256)
    #expect(edges(AbsoluteInterference()).first == 0 && edges(AbsoluteInterference()).count == 257)
    #expect(edges(ChordalDistance()).last == 2)
    #expect(edges(RieszEnergy()).first == 0.5)
    #expect(edges(LogarithmicEnergy()).last == .infinity)
    #expect(edges(ClassDistanceNormalizedVariance())[8 * 32] == 1)
    #expect(edges(ClassDistanceNormalizedVariance())[8 * 32 + 1] == 1.125)
    #expect(edges(FourthPowerClassDistanceNormalizedVariance())[4 * 64 + 3] == 1.75)
  }

  @Test("Values beyond the bins are in the first and the last; infinite ones are in no bin")
  func extremes() {
    let tallies = tallies([
      Pair(squaredDistance: 1, variances: 0, cosine: -1, chord: 2),
      Pair(squaredDistance: 1e-30, variances: 1, cosine: 1, chord: 0),
      Pair(squaredDistance: 0, variances: 1, cosine: .nan, chord: .nan),
    ])
    for statistic: any PairStatistic in [ClassDistanceNormalizedVariance(), Interference()] {
      let pairs = statistic.histogram(tallies).pairs
      #expect(pairs.first == 1 && pairs.last == 1 && pairs.reduce(0, +) == 2)
    }
    #expect(PairBins.even(0...1).bin(1e300) == 511 && PairBins.even(0...1).bin(-1e300) == 0)
    #expect(PairBins.ofCosines.bin(0) == nil)
  }
}
