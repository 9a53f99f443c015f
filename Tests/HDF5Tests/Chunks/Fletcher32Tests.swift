import TestSupport
import Testing

@testable import HDF5

@Suite("Fletcher-32")
struct Fletcher32Tests {
  /// The definition: two sums of words, modulo 65 535.
  private func plain(_ bytes: [UInt8]) -> UInt32 {
    var (first, second): (UInt32, UInt32) = (0, 0)
    for start in stride(from: 0, to: bytes.count, by: 2) {
      let word = UInt32(bytes[start]) << 8 + (start + 1 < bytes.count ? UInt32(bytes[start + 1]) : 0)
      first = (first + word) % 65_535
      second = (second + first) % 65_535
    }
    return second << 16 | first
  }

  private func sum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { Fletcher32.sum($0) } }

  @Test(
    "It follows the definition, where 0 and 65 535 are one number", arguments: [0, 1, 2, 3, 719, 720, 721, 1_000_003])
  func definition(count: Int) {
    var random = SeededGenerator(count)
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    let (found, expected) = (sum(bytes), plain(bytes))
    #expect((found >> 16) % 65_535 == expected >> 16 && (found & 0xFFFF) % 65_535 == expected & 0xFFFF)
  }

  @Test("Empty input and zeros give 0; ones stay 65 535")
  func edges() {
    #expect(sum([]) == 0 && sum([0, 0, 0]) == 0)
    #expect(sum([0xFF, 0xFF]) == 0xFFFF_FFFF && sum([UInt8](repeating: 0xFF, count: 400_000)) == 0xFFFF_FFFF)
  }
}
