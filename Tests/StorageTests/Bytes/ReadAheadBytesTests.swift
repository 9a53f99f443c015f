import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Reading ahead")
struct ReadAheadBytesTests {
  private let pool = BufferPool()
  /// More than the limit on bytes ahead.
  private let content = (0..<20_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

  @Test("Bytes come in order, copied or lent, and then the end, repeatedly")
  func inOrder() throws {
    let folder = try TemporaryFolder()
    let source = ReadAheadBytes(try FileBytes(name: folder.write("a", content)), pool: pool)
    var found: [UInt8] = []
    var generator = SeededGenerator(3)
    var buffer = [UInt8](repeating: 0, count: 5_000_000)
    while found.count < content.count {
      let count = Int.random(in: 1...5_000_000, using: &generator)
      if Bool.random(using: &generator) {
        let got = try buffer.withUnsafeMutableBytes { try source.read(into: .init(rebasing: $0[..<count])) }
        #expect(got > 0 && got <= count)
        found += buffer[..<got]
      } else {
        let piece = try #require(try source.lend(count, from: pool))
        #expect(piece.range.count <= count)
        found += piece.bytes
      }
    }
    #expect(found == content)
    #expect(source.consumedBytes == content.count)
    #expect(try source.lend(1, from: pool) == nil)
    #expect(try source.lend(1, from: pool) == nil)
  }

  @Test("An error comes in its place, after the bytes before it, and then the end")
  func error() throws {
    let folder = try TemporaryFolder()
    let cut = Array(Zstd.frame(Array(content[..<1_000])).dropLast(1))
    let file = try folder.write("a", Zstd.frame(Array(content[..<9_000_000])) + cut)
    let source = ReadAheadBytes(try ZstdBytes(FileBytes(name: file)), pool: pool)
    var taken = 0
    expectError(.truncated, file: file) {
      while let piece = try source.lend(1 << 20, from: pool) { taken += piece.range.count }
    }
    #expect(taken >= 8 << 20)
    #expect(try source.lend(1, from: pool) == nil)
  }

  @Test("A reader may stop at any time, however much was read ahead")
  func letGo() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", content)
    for taken in 0..<4 {
      let source = ReadAheadBytes(try FileBytes(name: path), pool: pool)
      for _ in 0..<taken { _ = try source.lend(1 << 20, from: pool) }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  @Test("Cancelling the task ends the wait for a silent pipe", .timeLimit(.minutes(5)))
  func cancellation() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.makePipe("a")
    // Open for reading and writing: there is a writer, and it never writes.
    let writer = open(path, O_RDWR)
    defer { close(writer) }
    await expectCancellable { _ = try ReadAheadBytes(FileBytes(name: path), pool: BufferPool()).lend(1, from: pool) }
  }

  @Test("A reader that stops early leaves no thread waiting for a silent pipe", .timeLimit(.minutes(5)))
  func abandoned() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.makePipe("a")
    let writer = open(path, O_RDWR)
    defer { close(writer) }
    weak var source: FileBytes?
    do {
      let file = try FileBytes(name: path)
      source = file
      _ = ReadAheadBytes(file, pool: pool)
    }
    while source != nil { try await Task.sleep(for: .milliseconds(10)) }
  }
}
