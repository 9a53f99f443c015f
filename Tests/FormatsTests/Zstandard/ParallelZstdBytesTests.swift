import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Storage

/// Decoding with several threads equals decoding in order, which ``ZstdBytesTests`` checks against the truth.
@Suite("Zstandard bytes, in parallel")
struct ParallelZstdBytesTests {
  private static let content = (0..<60_000).map { UInt8(truncatingIfNeeded: ($0 / 7) &* ($0 / 300)) }

  private static func noise(_ count: Int) -> [UInt8] {
    var generator = SeededGenerator(1)
    return (0..<count / 8 + 1).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
  }

  /// The result of some frames: their content, or an error after part of it.
  private struct Outcome: Equatable {
    var content: [UInt8] = []
    var error: StreamError?
  }

  private func outcome(_ source: ByteSource, piece: Int) throws -> Outcome {
    var outcome = Outcome()
    var buffer = [UInt8](repeating: 0, count: piece)
    do {
      while true {
        let got = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        if got == 0 { break }
        outcome.content += buffer[..<got]
      }
    } catch let error as StreamError {
      outcome.error = error
    }
    return outcome
  }

  /// Decodes the same frames in order and in parallel, from a file and through a pipe.
  private func compare(_ frames: [UInt8], piece: Int = 1 << 15, limits: FrameLimits = FrameLimits()) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.zst", frames)
    let expected = try outcome(try ZstdBytes(FileBytes(name: file)), piece: piece)
    for threads in [2, 5] {
      let opened = try FileBytes(name: file)
      let source = try ParallelZstdBytes(opened, threads: threads, pool: BufferPool(), limits: limits)
      let found = try outcome(source, piece: piece)
      #expect(found.error == expected.error)
      // In order, some content of a bad frame may come before its error; in parallel, none does.
      #expect(expected.error == nil ? found.content == expected.content : expected.content.starts(with: found.content))
    }
  }

  @Test("Frames of any size, split anywhere", arguments: [97, 1_000, 8_191, 59_999, 60_000])
  func frames(size: Int) throws {
    try compare(Zstd.frames(Self.content, of: size))
    try compare(Zstd.frames(Self.content, of: size, checksum: true), piece: 1_001)
  }

  @Test("Empty and skippable frames between others")
  func emptyAndSkippable() throws {
    let frames = [
      Zstd.skippable([]), Zstd.frame([]), Zstd.frame([1, 2]), Zstd.skippable(Self.noise(400_000), kind: 15),
      Zstd.frame(Self.content, checksum: true), Zstd.frame([]),
    ]
    try compare(frames.flatMap { $0 })
    try compare([])
  }

  @Test("More compressed bytes than one read, and frames across its edges")
  func manyBuffers() throws {
    let noise = Self.noise(9 << 20)
    try compare(Zstd.frames(noise, of: 700_001, checksum: true))
  }

  @Test("A frame too large for parallel decoding, before and after others")
  func largeFrames() throws {
    let noise = Self.noise(5 << 20)
    let zeros = [UInt8](repeating: 0, count: 9 << 20)
    let small = Zstd.frames(Self.content, of: 1_000)
    let limits = FrameLimits(frame: 4 << 20, content: 8 << 20)
    try compare(small + Zstd.frame(noise) + small, piece: 1 << 20, limits: limits)
    try compare(small + Zstd.frame(zeros) + small, piece: 1 << 20, limits: limits)
    try compare(small + Zstd.streamed(zeros) + small, piece: 1 << 20, limits: limits)
  }

  @Test("A frame without a content size")
  func unstatedSize() throws {
    try compare((0..<5).flatMap { _ in Zstd.streamed(Self.content) })
  }

  @Test("Truncation anywhere gives the same error")
  func truncated() throws {
    let frames = Zstd.frames(Array(Self.content[..<3_000]), of: 700, checksum: true)
    for count in 0..<frames.count { try compare(Array(frames[..<count])) }
  }

  @Test("A flipped bit, a large window, or bytes that are not a frame give the same error")
  func damaged() throws {
    let frames = Zstd.frames(Self.noise(5_000), of: 700, checksum: true)
    for place in stride(from: 0, to: frames.count, by: 37) {
      var damaged = frames
      damaged[place] ^= 4
      try compare(damaged)
    }
    for eighths in [0, 1] as [UInt8] {
      try compare(frames + Zstd.emptyFrame(windowLog: 31, eighths: eighths) + frames)
    }
    try compare(frames + Array("garbage".utf8))
    let boastful: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xE0] + Array(repeating: 0xFF, count: 7) + [0x7F, 0x01, 0, 0]
    try compare(frames + boastful + boastful + frames)
  }

  @Test("Releasing a source before its end waits for its threads and leaves nothing")
  func abandoned() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.zst", Zstd.frames(Self.content, of: 1_000))
    for _ in 0..<20 {
      let source = try ParallelZstdBytes(try FileBytes(name: file), threads: 3, pool: BufferPool())
      var byte: [UInt8] = [0]
      #expect(try byte.withUnsafeMutableBytes { try source.read(into: $0) } == 1)
    }
  }

  @Test("Memory bounds what is read ahead, not the number of threads")
  func bounded() throws {
    let folder = try TemporaryFolder()
    let frame = Zstd.frame([UInt8](repeating: 0, count: 20 << 20))
    let file = try folder.write("a.zst", (0..<40).flatMap { _ in frame })
    let source = try ParallelZstdBytes(
      try FileBytes(name: file), threads: .max, pool: BufferPool(), limits: FrameLimits(ahead: 96 << 20))
    var byte: [UInt8] = [1]
    #expect(try byte.withUnsafeMutableBytes { try source.read(into: $0) } == 1)
    #expect((2...5).contains(source.ahead.count))
  }

  @Test("A pipe that delivers few bytes at a time")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let frames = Zstd.frames(Self.content, of: 3_000)
    let pipe = try FileBytes(name: folder.pipe("a", of: frames, chunk: 611))
    let source = try ParallelZstdBytes(pipe, threads: 2, pool: BufferPool())
    #expect(try outcome(source, piece: 1 << 14).content == Self.content)
  }
}
