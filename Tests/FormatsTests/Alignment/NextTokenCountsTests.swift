import TestSupport
import Testing

@testable import Formats
@testable import HDF5

@Suite("Counts of next tokens")
struct NextTokenCountsTests {
  @Test("Integers with two indices have sequence ends, in any container; in a stream they do not count")
  func sequences() throws {
    let folder = try TemporaryFolder()
    let two = NPY.array("<u2", [2, 2], [1, 0, 2, 0, 3, 0, 4, 0])
    for bytes in [two, Zstd.frame(two)] { #expect(try TokenCounts.hasSequences(folder.write("a", bytes))) }
    let h5 = folder.file("a.h5")
    try HDF5File(writing: h5, for: h5).makeDataset("/tokens", .int32, shape: [1, 2]).writeAll(
      [1, 2] as [Int32], .int32)
    #expect(try TokenCounts.hasSequences(h5) && TokenCounts.hasSequences(h5 + "#tokens"))
    let ids: (name: String, type: String, shape: [Int], bytes: [UInt8]) = (
      "ids", "U16", [2, 2], [1, 0, 2, 0, 3, 0, 4, 0]
    )
    let stream = Safetensors.file([ids, ("x", "F32", [4, 1], [UInt8](repeating: 0, count: 16))])
    #expect(try TokenCounts.hasSequences(folder.write("c", stream) + "#ids"))
    let others: [[UInt8]] = [
      NPY.labels([1, 2]), NPY.floats([[1, 2]]), [1, 0, 2, 0], Zstd.frame([1, 0, 2, 0]), [], stream,
      NPY.array("<i4", [2, 1], [1, 0, 0, 0, 2, 0, 0, 0]),
    ]
    for bytes in others { #expect(try !TokenCounts.hasSequences(folder.write("b", bytes))) }
    #expect(try !TokenCounts.hasSequences("-"))
    expectError(.missing, file: folder.file("none")) { _ = try TokenCounts.hasSequences(folder.file("none")) }
  }

  @Test("Every next token of a sequence is counted: by hand, with shapes, lengths, offsets and ends of text")
  func byHand() throws {
    let folder = try TemporaryFolder()
    let ids: [Int32] = [5, 3, 3, 5, 8, 5]
    let flat = try folder.write("flat.npy", NPY.labels(ids))
    let rows = try folder.write("rows.npy", NPY.array("<i4", [2, 3], NPY.bytes(of: ids)))
    let offsets = try folder.write("o.npy", NPY.labels([0, 1, 6]))
    let ways: [(TokenAlignment, String)] = [
      (TokenAlignment(tokens: [rows]), "3,2\n5,1\n8,1\n"),
      (TokenAlignment(tokens: [flat], bounds: .length(4)), "3,2\n5,2\n"),
      (TokenAlignment(tokens: [flat], bounds: .offsets([offsets])), "3,1\n5,2\n8,1\n"),
      (TokenAlignment(tokens: [flat], endOfText: 8), "3,2\n5,1\n8,1\n"),
      (TokenAlignment(tokens: [flat], bounds: .length(6), ignored: [3]), "5,1\n8,1\n"),
      (TokenAlignment(tokens: [flat], bounds: .length(3), every: 2), "3,2\n"),
    ]
    for (alignment, expected) in ways {
      var counts = TokenCounts()
      var told = 0
      try counts.add(nextTokens: 0, alignment) { told = $0 }
      #expect(counts.csv == "token,count\n" + expected, "\(alignment)")
      #expect(told >= 4 * 6)
    }
  }

  @Test("Each input has its own tokens; missing tokens and invalid ids are errors")
  func errors() throws {
    let folder = try TemporaryFolder()
    let files = [try folder.write("a.npy", NPY.labels([1, 2])), try folder.write("b.npy", NPY.labels([7, 9, -100]))]
    let alignment = TokenAlignment(tokens: files, bounds: .length(5))
    var counts = TokenCounts()
    try counts.add(nextTokens: 0, alignment)
    #expect(counts.csv == "token,count\n2,1\n")
    expectError(.badLabel, file: files[1], position: "token 2") { try counts.add(nextTokens: 1, alignment) }
    expectError(.badReference, mentioning: "token file") { try counts.add(nextTokens: 2, alignment) }
    let empty = try folder.write("c.npy", NPY.labels([]))
    expectError(.empty, file: empty) {
      try counts.add(nextTokens: 0, TokenAlignment(tokens: [empty], bounds: .length(5)))
    }
    expectError(.badReference, file: files[0], mentioning: "--sequence-length") {
      try counts.add(nextTokens: 0, TokenAlignment(tokens: files))
    }
  }
}
