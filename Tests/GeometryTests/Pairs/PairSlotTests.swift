import Testing

@testable import Geometry
@testable import Moments

@Suite("Places of pair statistics")
struct PairSlotTests {
  @Test("Every place is that of one statistic, and every statistic over pairs has one")
  func places() {
    let slots = Statistics.overPairs.map(\.slot)
    #expect(slots.count == PairSlot.allCases.count && Set(slots).count == slots.count)
    #expect(PairSlot.allCases.map(\.rawValue) == Array(0..<7))
  }

  @Test("What the kernel sums up in a place is what the statistic of that place is for the pair")
  func kernel() throws {
    // One regular pair, of two classes of three: the third is what makes all of them add up to zero.
    let means = try MomentsTable(means: [[4, 1], [-1, 2], [-3, -3]], m2: [3, 5, 1]).centred()
    let (panels, scratch) = (ClassPanels(means, threads: 1), PairTileScratch(tile: 8))
    panels.multiply(0..<2, 0..<2, into: scratch.product)
    let found = scratch.run(
      .init(
        inner: scratch.product, stride: 8, is_diagonal: 1, rows: panels.classes(0..<2), columns: panels.classes(0..<2)),
      shifts: [Double](repeating: 0, count: 7))
    #expect(found.pairs == 1)
    // ⟨(4, 1), (−1, 2)⟩ = −2.
    let pair = means.pair(0, 1, inner: -2)
    for statistic in Statistics.overPairs {
      #expect(deviation(found.sums[statistic.slot.rawValue], statistic.value(pair)) < 1e-14, "\(statistic.id)")
    }
  }
}
