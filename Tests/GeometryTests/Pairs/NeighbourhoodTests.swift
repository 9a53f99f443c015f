import Testing

@testable import Geometry

@Suite("Neighbourhoods")
struct NeighbourhoodTests {
  private func pair(_ cosine: Double, cdnv: Double) -> Pair {
    Pair(squaredDistance: cdnv.isFinite ? 1 : 0, variances: cdnv.isFinite ? 2 * cdnv : 1, cosine: cosine, chord: 1)
  }

  @Test("The largest cosine is the nearest; ties go to the smallest token")
  func nearest() {
    var neighbourhood = Neighbourhood()
    neighbourhood.fold(pair(0.5, cdnv: 1), other: 7)
    neighbourhood.fold(pair(0.7, cdnv: 2), other: 8)
    neighbourhood.fold(pair(0.7, cdnv: .infinity), other: 3)
    neighbourhood.fold(pair(.nan, cdnv: 6), other: 1)
    #expect(neighbourhood.nearest == 3)
    #expect(neighbourhood.coherence == 0.7)
    #expect(neighbourhood.meanCDNV == 3)
  }

  @Test("Parts merge to the whole, ties included")
  func merging() {
    var (left, right) = (Neighbourhood(), Neighbourhood())
    left.fold(pair(0.5, cdnv: 1), other: 7)
    right.fold(pair(0.5, cdnv: 3), other: 2)
    left.merge(right)
    left.merge(Neighbourhood())
    #expect(left.nearest == 2)
    #expect(left.meanCDNV == 2)
  }

  @Test("The kernel's findings count others from the first, and replace what it left out")
  func found() {
    var neighbourhood = Neighbourhood((cdnv: 4, coherence: 0.25, nearest: 2), pairs: 3, first: 10)
    #expect(neighbourhood.nearest == 12)
    neighbourhood.replace(pair(0.5, cdnv: 2), other: 11)
    #expect(neighbourhood.nearest == 11)
    #expect(neighbourhood.meanCDNV == 2)
    #expect(Neighbourhood((cdnv: 0, coherence: -2, nearest: -1), pairs: 0, first: 0) == Neighbourhood())
  }

  @Test("A single class has no neighbour")
  func alone() {
    #expect(Neighbourhood().nearest == nil)
    #expect(Neighbourhood().meanCDNV == nil)
  }
}
