import Testing

@testable import Moments
@testable import Support

@Suite("Row places")
struct ResidentRowsTests {
  @Test("Rows are where the store says, with a limit and without", arguments: [nil, 4, 300] as [Int?])
  func places(limit: Int?) throws {
    var store = RowStore(dimension: 70_000, limit: limit.map { .rows($0) })
    store.withPlaces { #expect($0 == nil) }
    try store.grow(to: 20)
    // If there is no room for all, the last ones replace the first.
    for slots in [[0, 1, 2], [17, 19, 2, 18]] {
      try store.bring(slots, workers: WorkerThreads(2))
      store.withPlaces { places in
        for slot in slots { #expect(places?[slot] == store[slot]) }
      }
    }
  }
}
