import Testing

@testable import HDF5

@Suite("LZF")
struct LZFTests {
  private func decode(_ bytes: [UInt8], room: Int = 1_000) -> [UInt8]? {
    var out = [UInt8](repeating: 0xEE, count: room)
    let count = bytes.withUnsafeBytes { bytes in out.withUnsafeMutableBytes { LZF.decode(bytes, into: $0) } }
    return count.map { Array(out[..<$0]) }
  }

  @Test("Literals, repetitions, and repetitions that overlap themselves are decoded")
  func content() {
    #expect(decode([]) == [])
    #expect(decode([2, 7, 8, 9]) == [7, 8, 9])
    #expect(decode([3, 1, 2, 3, 4, 1 << 5, 3]) == [1, 2, 3, 4, 1, 2, 3])
    #expect(decode([0, 5, 2 << 5, 0]) == [5, 5, 5, 5, 5])
    #expect(decode([0, 5, 7 << 5, 10, 0]) == [UInt8](repeating: 5, count: 1 + 7 + 10 + 2))
    let far = [UInt8](0..<32)
    let stretch: [UInt8] = [31] + far
    #expect(
      decode((0..<9).flatMap { _ in stretch } + [1 << 5 | 1, 0], room: 2_000)?.suffix(3) == far.prefix(32).suffix(1)
        + far.prefix(2))
  }

  @Test("Damage is detected: missing bytes, references before the start, more bytes than there is room for")
  func damage() {
    for bytes: [UInt8] in [
      [2, 7, 8], [1 << 5], [0, 5, 7 << 5, 10], [0, 5, 1 << 5, 1], [1 << 5, 0], [0, 5, 1 << 5 | 31, 255],
    ] {
      #expect(decode(bytes) == nil, "\(bytes)")
    }
    #expect(decode([2, 7, 8, 9], room: 3) != nil && decode([2, 7, 8, 9], room: 2) == nil)
    #expect(decode([0, 5, 1 << 5, 0], room: 4) != nil && decode([0, 5, 1 << 5, 0], room: 3) == nil)
  }
}
