import Testing

@testable import Storage

@Suite("Checksum")
struct ChecksumTests {
  @Test(
    "The sums are those of XXH3-128",
    arguments: [
      ("", "99aa06d3014798d86001c324468d497f"), ("a", "a96faf705af16834e6c632b61e964e1f"),
      ("abc", "06b05ab6733a618578af5f94892f3950"),
    ])
  func known(text: String, sum: String) {
    let checksum = Checksum()
    checksum.update(text)
    #expect(checksum.value == sum)
  }

  @Test("Pieces give the same checksum as the whole, and asking for it changes nothing")
  func pieces() {
    let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
    let whole = Checksum()
    whole.update(bytes)
    for size in [1, 7, 240, 241, 1_024] {
      let pieces = Checksum()
      for start in stride(from: 0, to: bytes.count, by: size) {
        pieces.update(Array(bytes[start..<min(start + size, bytes.count)]))
        _ = pieces.value
      }
      #expect(pieces.value == whole.value)
    }
    #expect(whole.value.count == 32)
  }

  @Test("Numbers are summed as their bytes")
  func numbers() {
    let numbers = Checksum()
    numbers.update([Int32(1), -1])
    let bytes = Checksum()
    bytes.update([1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF] as [UInt8])
    #expect(numbers.value == bytes.value)
  }

  @Test("A saved checksum continues as if it had not been saved", arguments: [0, 1, 239, 240, 241, 100_000])
  func resuming(count: Int) throws {
    let bytes = (0..<count + 5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let (whole, part) = (Checksum(), Checksum())
    whole.update(bytes)
    part.update(Array(bytes[..<count]))
    let saved = try #require(part.saved)
    let resumed = try #require(Checksum(resuming: saved))
    resumed.update(Array(bytes[count...]))
    #expect(resumed.value == whole.value)
    #expect(Checksum(resuming: [1, 2, 3]) == nil)
  }

  @Test("Bytes that are no state of a checksum are refused: the library would leave its buffer")
  func forged() throws {
    let checksum = Checksum()
    checksum.update([UInt8](repeating: 1, count: 1000))
    let saved = try #require(checksum.saved)
    #expect(Checksum(resuming: saved)?.value == checksum.value)
    #expect(Checksum(resuming: [UInt8](repeating: 0xFF, count: saved.count)) == nil)
    #expect(Checksum(resuming: []) == nil)
    // Whatever single byte is changed, summing on stays within the state.
    for place in saved.indices {
      var bytes = saved
      bytes[place] ^= 0xFF
      guard let resumed = Checksum(resuming: bytes) else { continue }
      resumed.update([UInt8](repeating: 2, count: 3000))
      #expect(resumed.value.count == 32)
    }
  }
}
