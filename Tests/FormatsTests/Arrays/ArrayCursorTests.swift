import TestSupport
import Testing

@testable import Formats
@testable import Storage
@testable import Support

@Suite("Array cursor")
struct ArrayCursorTests {
  private let arrays = NPY.integers([1, 2, 3] as [Int64]) + NPY.floats([[1, 2], [3, 4], [5, 6]])

  @Test("Arrays come one after another, with their positions in the file")
  func places() throws {
    let folder = try TemporaryFolder()
    let cursor = try ArrayCursor.open(folder.write("a.npy", arrays))
    let labels = try #require(try cursor.nextHeader())
    #expect(labels.position == "byte 0" && cursor.position == "byte 128")
    #expect(try cursor.skip(labels.byteCount) == 24)
    let features = try #require(try cursor.nextHeader())
    #expect(features.position == "byte 152" && features.shape == [3, 2])
    #expect(try cursor.skip(features.byteCount) == 24)
    #expect(try cursor.nextHeader() == nil)
    #expect(try cursor.nextHeader() == nil)
    #expect(cursor.offset == arrays.count && cursor.consumedBytes == arrays.count)
  }

  @Test("Positions in compressed content and in a pipe count decoded bytes")
  func decodedPlaces() throws {
    let folder = try TemporaryFolder()
    for file in [try folder.write("a.zst", Zstd.frames(arrays, of: 50)), try folder.pipe("b", of: Zstd.frame(arrays))] {
      let cursor = try ArrayCursor.open(file)
      let labels = try #require(try cursor.nextHeader())
      _ = try cursor.skip(labels.byteCount)
      #expect(try cursor.nextHeader()?.position == "decoded byte 152")
    }
  }

  @Test("A file without bytes is empty; a compressed one without content has no array")
  func empty() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("empty", [])
    expectError(.empty, file: file, mentioning: "no bytes") { _ = try ArrayCursor.open(file) }
    #expect(try ArrayCursor.open(folder.write("empty.zst", Zstd.frame([]))).nextHeader() == nil)
    expectError(.empty) { _ = try ArrayCursor.open(folder.pipe("pipe", of: [])) }
  }

  @Test(
    "A file that does not begin like a stream is refused with its first bytes",
    arguments: [
      (Array("PK\u{3}\u{4}data".utf8), "50 4B 03 04 64 61"), ([0x92], "92"), ([0x28, 0xB5], "28 B5"),
      ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "1F 8B 08 00 00 00"), (Array("label,x\n".utf8), "6C 61 62 65 6C 2C"),
    ])
  func unknown(bytes: [UInt8], found: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a", bytes)
    expectError(.unknownFormat, file: file, position: "byte 0", mentioning: found) { _ = try ArrayCursor.open(file) }
  }

  @Test("Anything between two arrays is an error at its position")
  func between() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a", NPY.integers([1] as [Int32]) + [0x0A] + arrays)
    let cursor = try ArrayCursor.open(file)
    _ = try cursor.skip(try #require(try cursor.nextHeader()).byteCount)
    expectError(.badHeader, file: file, position: "byte 132", mentioning: "0A 93 4E 55 4D 50") {
      _ = try cursor.nextHeader()
    }
  }

  @Test("A header truncated at any byte is an error", arguments: [1, 2, 3] as [UInt8])
  func cutHeader(version: UInt8) throws {
    let header = NPY.array("<f4", [0, 2], [], version: version)
    let folder = try TemporaryFolder()
    for cut in 1..<header.count {
      let file = try folder.write("cut", Array(header[..<cut]))
      let error = #expect(throws: StreamError.self) { _ = try ArrayCursor.open(file).nextHeader() }
      #expect(error?.kind == .truncated, "cut at \(cut)")
      expectError(.truncated, position: "decoded byte 0") {
        _ = try ArrayCursor.open(folder.write("cut.zst", Zstd.frame(Array(header[..<cut])))).nextHeader()
      }
    }
  }

  @Test("An array larger than the rest of a plain file is refused by its header")
  func checkedAgainstSize() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a", Array(arrays.dropLast()))
    let cursor = try ArrayCursor.open(file)
    _ = try cursor.skip(try #require(try cursor.nextHeader()).byteCount)
    expectError(.truncated, file: file, position: "byte 152", mentioning: "24 bytes", "(3, 2)", "found 23") {
      _ = try cursor.nextHeader()
    }
  }

  @Test("Bytes are shown the way people write them")
  func hexadecimalBytes() {
    #expect(hexadecimal([0x93, 0x4E, 0x05, 0x00, 0xFF]) == "93 4E 05 00 FF")
    #expect(hexadecimal([]) == "")
  }
}
