import Testing

@testable import Storage

@Suite("Buffers")
struct BufferTests {
  @Test("A buffer's memory goes back to its pool and is lent again")
  func recycled() throws {
    let pool = BufferPool()
    let first = try Buffer(count: 1_000, from: pool)
    let place = first.bytes.baseAddress
    _ = consume first
    #expect(try Buffer(count: 2_000, from: pool).bytes.baseAddress == place)
  }

  @Test("The smallest region that fits is lent; if none fits, a larger one replaces one")
  func fitting() throws {
    let pool = BufferPool()
    var buffers = try [1 << 20, 4 << 20, 2 << 20].map { try Buffer(count: $0, from: pool) }
    let places = buffers.map(\.bytes.baseAddress)
    buffers.removeAll()
    #expect(try Buffer(count: 3 << 19, from: pool).bytes.baseAddress == places[2])
    #expect(try Buffer(count: 5 << 20, from: pool).count >= 5 << 20)
  }
}
