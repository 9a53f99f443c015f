import Testing

@testable import Storage

/// Bytes that arrive a few at a time, as from a pipe.
private final class Trickle: ByteSource {
  let name = "trickle"
  private let content: [UInt8]
  private let most: Int
  private(set) var consumedBytes = 0
  private(set) var largestRead = 0

  init(_ content: [UInt8], most: Int) { (self.content, self.most) = (content, most) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    largestRead = max(largestRead, buffer.count)
    let some = min(buffer.count, most, content.count - consumedBytes)
    buffer.copyBytes(from: content[consumedBytes..<consumedBytes + some])
    consumedBytes += some
    return some
  }

  func stop() {}
}

@Suite("Byte sources")
struct ByteSourceTests {
  private func numbers(_ range: Range<Int>) -> [UInt8] { range.map { UInt8(truncatingIfNeeded: $0) } }

  @Test("A buffer is filled however few bytes come at a time, and no further than the end", arguments: [1, 3, 7, 100])
  func fill(most: Int) throws {
    let source = Trickle(numbers(0..<20), most: most)
    var buffer = [UInt8](repeating: 0xEE, count: 13)
    #expect(try buffer.withUnsafeMutableBytes { try source.fill($0) } == 13)
    #expect(buffer == numbers(0..<13))
    #expect(try buffer.withUnsafeMutableBytes { try source.fill($0) } == 7)
    #expect(Array(buffer[..<7]) == numbers(13..<20) && Array(buffer[7...]) == numbers(7..<13))
    #expect(try buffer.withUnsafeMutableBytes { try source.fill($0) } == 0)
  }

  @Test("Lent bytes are as many as requested, except at the end, and know their position")
  func lend() throws {
    let source = Trickle(numbers(0..<20), most: 3)
    let pool = BufferPool()
    #expect(source.mark == nil)
    let first = try #require(try source.lend(8, from: pool))
    let second = try #require(try source.lend(100, from: pool))
    #expect(Array(first.bytes) == numbers(0..<8) && first.offset == 0)
    #expect(Array(second.bytes) == numbers(8..<20) && second.offset == 8)
    #expect(try source.lend(1, from: pool) == nil)
  }

  @Test("At most 4 MiB are lent at a time, and skipping takes little memory")
  func large() throws {
    let source = Trickle([UInt8](repeating: 0, count: 10 << 20), most: .max)
    #expect(try source.skip(5 << 20) == 5 << 20)
    #expect(source.largestRead <= 1 << 18)
    #expect(try source.lend(8 << 20, from: BufferPool())?.range.count == 4 << 20)
    #expect(try source.skip(1 << 40) == 1 << 20)
    #expect(try source.skip(1) == 0 && source.skip(0) == 0)
  }
}
