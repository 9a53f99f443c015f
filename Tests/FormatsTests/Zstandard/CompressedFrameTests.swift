import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Compressed frames")
struct CompressedFrameTests {
  @Test("A frame has the same bytes and properties in memory and in a file")
  func places() throws {
    let folder = try TemporaryFolder()
    let pool = BufferPool()
    for bytes in [Zstd.frame([1, 2, 3]), Zstd.streamed([1, 2, 3]), Zstd.skippable([9])] {
      let path = try folder.write("a", [0, 0] + bytes)
      let opened = try FileBytes(name: path)
      let file = try #require(opened.positioned())
      let buffer = try Buffer(count: bytes.count, from: pool)
      buffer.bytes.copyBytes(from: bytes)
      let held = CompressedFrame(Piece(buffer: buffer, range: 0..<bytes.count, offset: 2))
      let stored = CompressedFrame(
        place: .file(file, at: 2), offset: 2, count: bytes.count, contentBound: held.contentBound)
      for frame in [held, stored] {
        #expect(try frame.withBytes(from: pool) { Array($0) } == bytes)
        #expect((frame.offset, frame.count) == (2, bytes.count))
      }
    }
  }

  @Test("A frame whose file was truncated after it was found has no bytes")
  func gone() throws {
    let folder = try TemporaryFolder()
    let bytes = Zstd.frame([1, 2, 3])
    let path = try folder.write("a", bytes)
    let file = try #require(try FileBytes(name: path).positioned())
    let frame = CompressedFrame(place: .file(file, at: 0), offset: 0, count: bytes.count, contentBound: 3)
    #expect(truncate(path, 5) == 0)
    #expect(try frame.withBytes(from: BufferPool()) { $0.count } == nil)
  }
}
