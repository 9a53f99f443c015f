import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("File mappings")
struct FileMappingTests {
  private let content = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 7) }

  private func map(_ path: String, at offset: Int, count: Int, _ integrity: FileIntegrity) throws -> FileMapping? {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter { FileMapping(file, at: offset, count: count, integrity: integrity) }
  }

  @Test("A mapping has the file's bytes, from any byte on")
  func bytes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", content)
    let integrity = FileIntegrity(name: path)
    for (offset, count) in [(0, 50_000), (1, 10), (4_095, 2), (4_096, 4_096), (49_999, 1), (12_345, 30_000)] {
      let mapping = try #require(try map(path, at: offset, count: count, integrity))
      #expect(Array(mapping.bytes) == Array(content[offset..<offset + count]))
      #expect(!mapping.isBroken)
    }
    try integrity.check()
  }

  @Test("After a truncation, mapped bytes are zeros, and the file has an error once the mapping is gone")
  func cutShort() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", content)
    let integrity = FileIntegrity(name: path)
    do {
      let mapping = try #require(try map(path, at: 0, count: content.count, integrity))
      #expect(truncate(path, 4_096) == 0)
      #expect(Array(mapping.bytes[..<4_096]) == Array(content[..<4_096]))
      #expect(!mapping.isBroken)
      #expect(mapping.bytes[8_192...].allSatisfy { $0 == 0 })
      #expect(mapping.isBroken)
      try integrity.check()
    }
    expectError(.unreadable, file: path, mentioning: "that it changed") { try integrity.check() }
  }

  @Test("An empty range, or a file that cannot be mapped, has no mapping")
  func none() throws {
    let folder = try TemporaryFolder()
    let integrity = FileIntegrity(name: "a")
    #expect(try map(folder.write("a", content), at: 0, count: 0, integrity) == nil)
    #expect(try map("/dev/null", at: 0, count: 10, integrity) == nil)
  }

  @Test(
    "Rows whose file is truncated before they are used are an error of the stream", arguments: ["a.npy", "a.npy.zst"])
  func reader(name: String) throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 80_000, dimension: 16, scalar: .float64)
    let stream = samples.stream()
    let path = try folder.write(name, name.hasSuffix("zst") ? Zstd.frames(stream, of: 1 << 20) : stream)
    let reader = EmbeddingReader(inputs: [path], options: ReadOptions(threads: 2))
    #expect(throws: StreamError.self) {
      _ = try reader.next()
      #expect(truncate(path, 0) == 0)
      while try reader.next() != nil {}
      try reader.checkIntact()
    }
  }
}
