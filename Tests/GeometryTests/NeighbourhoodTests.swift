import Testing

@testable import Geometry

@Suite("Neighbourhoods")
struct NeighbourhoodTests {
  private func pair(cosine: Double) -> Pair { Pair(squaredDistance: 1, variances: 1, cosine: cosine, chord: 1) }

  @Test("The largest cosine is the nearest; of equal ones, the smallest token")
  func nearest() {
    var neighbourhood = Neighbourhood()
    neighbourhood.fold(pair(cosine: 0.5), cdnv: 1, other: 7)
    neighbourhood.fold(pair(cosine: 0.7), cdnv: 2, other: 8)
    neighbourhood.fold(pair(cosine: 0.7), cdnv: .infinity, other: 3)
    neighbourhood.fold(pair(cosine: .nan), cdnv: 6, other: 1)
    #expect(neighbourhood.nearest == 3)
    #expect(neighbourhood.coherence == 0.7)
    #expect(neighbourhood.meanCDNV == 3)
  }

  @Test("Parts merge to the whole, ties included")
  func merging() {
    var (left, right) = (Neighbourhood(), Neighbourhood())
    left.fold(pair(cosine: 0.5), cdnv: 1, other: 7)
    right.fold(pair(cosine: 0.5), cdnv: 3, other: 2)
    left.merge(right)
    left.merge(Neighbourhood())
    #expect(left.nearest == 2)
    #expect(left.meanCDNV == 2)
  }

  @Test("Alone, a class has no neighbour")
  func alone() {
    #expect(Neighbourhood().nearest == nil)
    #expect(Neighbourhood().meanCDNV == nil)
  }
}
