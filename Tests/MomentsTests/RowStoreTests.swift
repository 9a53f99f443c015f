import Testing

@testable import Moments

@Suite("Row store")
struct RowStoreTests {
  @Test("Rows stay where they are while the store grows")
  func growing() {
    var store = RowStore(dimension: 1000)
    store.grow(to: 3)
    let third = store[2]
    third[999] = 4
    store.grow(to: 2_000)
    #expect(store[2] == third)
    #expect(store[2][999] == 4)
    #expect(store[1_999][0] == 0)
  }

  @Test("A row longer than a page is a page of its own")
  func longRows() {
    var store = RowStore(dimension: 300_000)
    store.grow(to: 2)
    store[1][299_999] = 1
    #expect(store.byteCount == 2 * 300_000 * 8)
  }
}
