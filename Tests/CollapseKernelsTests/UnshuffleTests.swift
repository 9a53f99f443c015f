import CollapseKernels
import TestSupport
import Testing

@Suite("Unshuffling the bytes of elements")
struct UnshuffleTests {
  @Test(
    "Each byte is back in its place", arguments: [1, 2, 3, 4, 8, 16], [0, 1, 7, 1_000, 1_037])
  func together(width: Int, bytes: Int) {
    var random = SeededGenerator(width + bytes)
    let elements = (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &random) }
    let count = bytes / width
    var apart = elements
    for element in 0..<count {
      for byte in 0..<width { apart[byte * count + element] = elements[element * width + byte] }
    }
    var found = [UInt8](repeating: 0, count: bytes)
    collapse_unshuffle(apart, bytes, width, &found)
    #expect(found == elements)
  }
}
