import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("File bytes")
struct FileBytesTests {
  private let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

  private func take(_ source: ByteSource, _ count: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = try buffer.withUnsafeMutableBytes { try source.fill($0) }
    return Array(buffer[..<got])
  }

  @Test("A file is read to its end, in pieces of any size")
  func file() throws {
    let folder = try TemporaryFolder()
    let file = try FileBytes(name: folder.write("a", content))
    #expect(file.size == content.count)
    #expect(try take(file, 1) == [content[0]])
    #expect(try take(file, 70_000) == Array(content[1..<70_001]))
    #expect(file.consumedBytes == 70_001)
    #expect(try take(file, 70_000) == Array(content[70_001...]))
    #expect(try take(file, 10).isEmpty)
    #expect(file.consumedBytes == content.count)
  }

  @Test("Peeked bytes are not consumed")
  func peek() throws {
    let folder = try TemporaryFolder()
    let file = try FileBytes(name: folder.write("a", content))
    #expect(try file.peek(6) == Array(content[..<6]))
    #expect(try file.peek(3) == Array(content[..<3]))
    #expect(try file.peek(10) == Array(content[..<10]))
    #expect(file.consumedBytes == 0)
    #expect(try take(file, 4) == Array(content[..<4]))
    #expect(try file.peek(2) == Array(content[4..<6]))
    #expect(try take(file, 20) == Array(content[4..<24]))
    #expect(file.consumedBytes == 24)
  }

  @Test("Peeking past the end gives what there is")
  func peekBeyond() throws {
    let folder = try TemporaryFolder()
    #expect(try FileBytes(name: folder.write("a", [1, 2])).peek(6) == [1, 2])
    #expect(try FileBytes(name: folder.write("b", [])).peek(6) == [])
  }

  @Test("Bytes are skipped, even after a peek, and never more than there are")
  func skip() throws {
    let folder = try TemporaryFolder()
    let file = try FileBytes(name: folder.write("a", content))
    _ = try file.peek(8)
    #expect(try file.skip(5) == 5)
    #expect(try take(file, 5) == Array(content[5..<10]))
    #expect(try file.skip(50_000) == 50_000)
    #expect(file.consumedBytes == 50_010)
    #expect(try take(file, 3) == Array(content[50_010..<50_013]))
    #expect(try file.skip(100_000) == content.count - 50_013)
    #expect(try file.skip(1) == 0)
    #expect(file.consumedBytes == content.count)
  }

  @Test("A named pipe is read like a file, and has no size", arguments: [1, 3, 4096])
  func namedPipe(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = Array(content[..<9_000])
    let file = try FileBytes(name: folder.pipe("a", of: bytes, chunk: chunk))
    #expect(file.size == nil)
    #expect(try file.peek(6) == Array(bytes[..<6]))
    #expect(try take(file, 1_000) == Array(bytes[..<1_000]))
    #expect(try file.skip(3_000) == 3_000)
    #expect(try take(file, 10_000) == Array(bytes[4_000...]))
    #expect(file.consumedBytes == 9_000)
    #expect(try file.skip(1) == 0)
  }

  @Test("Cancelling the task ends a read from a silent pipe", .timeLimit(.minutes(5)))
  func cancellation() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.makePipe("a")
    // Open for reading and writing: there is a writer, and it never writes.
    let writer = open(path, O_RDWR)
    defer { close(writer) }
    await expectCancellable { _ = try FileBytes(name: path).peek(1) }
  }

  @Test("Cancelling the task ends the wait for a pipe's writer", .timeLimit(.minutes(5)))
  func noWriter() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.makePipe("a")
    await expectCancellable { _ = try FileBytes(name: path).peek(1) }
  }

  @Test("A pipe's writer may come late, and may write nothing", .timeLimit(.minutes(5)))
  func lateWriter() throws {
    let folder = try TemporaryFolder()
    for bytes in [[1, 2, 3], []] as [[UInt8]] {
      let path = try folder.makePipe("\(bytes.count)")
      let file = try FileBytes(name: path)
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.05)
        FileHandle(forWritingAtPath: path)?.write(Data(bytes))
      }
      #expect(try take(file, 10) == bytes)
    }
  }

  @Test("A dash is standard input")
  func standardInput() throws {
    let folder = try TemporaryFolder()
    let saved = dup(0)
    let file = open(try folder.write("a", [1, 2, 3]), O_RDONLY)
    dup2(file, 0)
    defer {
      dup2(saved, 0)
      close(saved)
      close(file)
    }
    let bytes = try FileBytes(name: "-")
    #expect(bytes.name == "-")
    #expect(try take(bytes, 10) == [1, 2, 3])
  }

  @Test("A missing file and a directory are refused by name")
  func refused() throws {
    let folder = try TemporaryFolder()
    let missing = folder.file("missing.npy")
    expectError(.missing, file: missing, mentioning: missing) { _ = try FileBytes(name: missing) }
    expectError(.missing, file: "") { _ = try FileBytes(name: "") }
    expectError(.notAFile, file: folder.path, mentioning: "*.npy.zst") { _ = try FileBytes(name: folder.path) }
  }

  @Test("A name below a file, and a link to itself, cannot be read")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a", [1])
    expectError(.unreadable, file: file + "/b") { _ = try FileBytes(name: file + "/b") }
    try FileManager.default.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: folder.file("loop"))
    expectError(.unreadable) { _ = try FileBytes(name: folder.file("loop")) }
  }

  @Test("Small and large reads, skips, loans and peeks in any order give the bytes in order", arguments: [1, 2, 3, 4])
  func mixed(seed: Int) throws {
    let folder = try TemporaryFolder()
    let long = Array(repeating: content, count: 100).flatMap { $0 }
    for source in [
      try FileBytes(name: folder.write("a", long)), try FileBytes(name: folder.pipe("pipe", of: long, chunk: 5_000)),
    ] {
      var random = SeededGenerator(seed)
      let pool = BufferPool()
      var place = 0
      while place < long.count {
        let count = Int.random(in: 1...(Bool.random(using: &random) ? 300 : 6_000), using: &random)
        let expected = Array(long[place..<min(place + count, long.count)])
        switch Int.random(in: 0..<30, using: &random) {
        case 0:
          #expect(try source.skip(10 * count) == min(10 * count, long.count - place))
          place = min(place + 10 * count, long.count)
        case 1:
          let piece = try #require(try source.lend(count, from: pool))
          #expect(Array(piece.bytes) == Array(expected.prefix(piece.range.count)))
          place += piece.range.count
        case 2: #expect(try source.peek(count) == expected)
        default:
          #expect(try take(source, count) == expected)
          place += expected.count
        }
        #expect(source.consumedBytes == place)
      }
      #expect(try take(source, 1).isEmpty)
    }
  }
}
