import CollapseKernels
import Testing

@testable import Geometry
@testable import Moments

@Suite("Memory for tiles of pairs")
struct PairTileScratchTests {
  private let shifts = [Double](repeating: 0, count: COLLAPSE_PAIR_STATISTICS)

  private func findings(_ means: CentredMeans, _ scratch: PairTileScratch, shifts: [Double]? = nil) -> PairTileResult {
    let (panels, classes) = (try! ClassPanels(means, threads: 1), 0..<means.classes)
    panels.multiply(classes, classes, into: scratch.product)
    return scratch.run(
      .init(
        inner: scratch.product, stride: ClassPanels.padded(means.classes), is_diagonal: 1,
        rows: panels.classes(classes),
        columns: panels.classes(classes), simplex: means.simplexCosine), shifts: shifts ?? self.shifts)
  }

  /// (±3, 0) and (0, ±4) about (0, 0), each with variance 1.
  private func cross() throws -> CentredMeans {
    try MomentsTable(means: [[3, 0], [-3, 0], [0, 4], [0, -4]]).centred()
  }

  @Test("Sums and squares are those of the values minus the shifts, in the slots of their statistics")
  func sums() throws {
    // Squared distances: 36 once, 64 once, 25 four times; cosines −1 twice and 0 four times.
    var shifts = shifts
    for statistic: any PairStatistic in [Interference(), ChordalDistance()] { shifts[statistic.slot] = 1 }
    let found = findings(try cross(), PairTileScratch(tile: 8), shifts: shifts)
    #expect(found.pairs == 6 && found.exceptions.isEmpty)
    let cdnv = [1.0 / 36, 1.0 / 64] + .init(repeating: 1.0 / 25, count: 4)
    let root = (2.0).squareRoot()
    let expected: [(any PairStatistic, Double, Double)] = [
      (ClassDistanceNormalizedVariance(), cdnv.reduce(0, +), inner(cdnv, cdnv)),
      (Interference(), -8, 12), (AbsoluteInterference(), 2, 2),
      (ChordalDistance(), 2 + 4 * (root - 1), 2 + 4 * (root - 1) * (root - 1)),
      (RieszEnergy(), 1 + 4 / root, 2.5),
    ]
    for (statistic, sum, squares) in expected {
      #expect(deviation(found.sums[statistic.slot], sum) < 1e-14, "\(statistic.id)")
      #expect(deviation(found.squares[statistic.slot], squares) < 1e-14, "\(statistic.id)")
    }
  }

  @Test("Each class has its nearest on the other side, and Σ CDNV; on the diagonal each pair counts once for its row")
  func neighbours() throws {
    let found = findings(try cross(), PairTileScratch(tile: 8))
    #expect(found.rows.map(\.nearest) == [2, 2, 3, -1])
    #expect(found.columns.map(\.nearest) == [-1, 0, 0, 0])
    #expect(found.rows.map(\.coherence) == [0, 0, -1, -2])
    #expect(deviation(found.rows[1].cdnv, 2.0 / 25) < 1e-14 && found.rows[3].cdnv == 0)
    #expect(deviation(found.columns[1].cdnv, 1.0 / 36) < 1e-14 && found.columns[0].cdnv == 0)
  }

  @Test("A tile's findings do not depend on earlier contents of the memory")
  func again() throws {
    let scratch = PairTileScratch(tile: 24)
    let first = findings(try cross(), scratch)
    let (cosine, counts) = (Interference().slot, scratch.counts(Interference().slot))
    let larger = findings(try MomentsTable.random(20, 3).centred(), scratch)
    #expect(larger.pairs + larger.exceptions.count == 190)
    let second = findings(try cross(), scratch)
    #expect(second.pairs == 6 && second.sums == first.sums)
    // −1 in the first bin, 0 in the middle one.
    #expect(scratch.counts(cosine) == counts && counts[0] == 2 && counts[256] == 4 && counts.reduce(0, +) == 6)
  }

  @Test("Identical classes and those without a direction are listed as exceptions, row · columns + column")
  func exceptions() throws {
    let means = try MomentsTable(means: [[1, 0], [1, 0], [0, 0], [-2, 0]]).centred()
    let found = findings(means, PairTileScratch(tile: 8))
    // 0 and 1 cancel; 2 is the global mean.
    #expect(found.exceptions.sorted() == [1, 2, 6, 11])
    #expect(found.pairs == 2)
  }

  @Test("A pool reuses returned memory, and makes more if all is in use")
  func pool() {
    let pool = PairTileScratchPool(tile: 8)
    let first = pool.with { ObjectIdentifier($0) }
    #expect(pool.with { ObjectIdentifier($0) } == first)
    let (outer, inner) = pool.with { outer in (ObjectIdentifier(outer), pool.with { ObjectIdentifier($0) }) }
    #expect(outer == first && inner != first)
  }
}
