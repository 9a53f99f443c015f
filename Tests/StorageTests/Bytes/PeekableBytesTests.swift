import TestSupport
import Testing

@testable import Storage

@Suite("Sources that were peeked at")
struct PeekableBytesTests {
  private let content = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  private func started(_ folder: TemporaryFolder) throws -> PeekableBytes {
    PeekableBytes(try FileBytes(name: folder.write("a", content)))
  }

  @Test(
    "Peeked bytes are read all the same, in pieces of any size", arguments: [0, 1, 6, 299, 300, 301],
    [1, 5, 6, 4_096])
  func read(looked: Int, piece: Int) throws {
    let folder = try TemporaryFolder()
    let source = try started(folder)
    #expect(try source.look(looked) == Array(content.prefix(looked)))
    var (found, buffer) = ([UInt8](), [UInt8](repeating: 0, count: piece))
    while true {
      let got = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      if got == 0 { break }
      found += buffer[..<got]
    }
    #expect(found == content)
  }

  @Test("Bytes are skipped across the end of the peeked part, and lent from where they are")
  func skip() throws {
    let folder = try TemporaryFolder()
    let source = try started(folder)
    _ = try source.look(6)
    #expect(try source.skip(2) == 2)
    #expect(try source.skip(10) == 10)
    let piece = try #require(try source.lend(3, from: BufferPool()))
    #expect(Array(piece.bytes) == Array(content[12..<15]))
    #expect(try source.skip(5_000) == 285)
    #expect(try source.lend(1, from: BufferPool()) == nil)
    let other = try started(folder)
    _ = try other.look(6)
    let first = try #require(try other.lend(8, from: BufferPool()))
    #expect(Array(first.bytes) == Array(content[..<8]))
  }
}
