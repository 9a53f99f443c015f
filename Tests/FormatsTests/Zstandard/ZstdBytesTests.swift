import CZstd
import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Zstandard bytes")
struct ZstdBytesTests {
  /// Compressible, but with no two equal stretches.
  private static let content = (0..<60_000).map { UInt8(truncatingIfNeeded: ($0 / 7) &* ($0 / 300)) }

  /// The content of a compressed file, read in pieces of `piece` bytes; expects a clean end.
  private func decoded(_ frames: [UInt8], piece: Int = 1 << 15) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    return try decoded(file: folder.write("a.zst", frames), piece: piece)
  }

  private func decoded(file: String, piece: Int = 1 << 15) throws -> [UInt8] {
    let source = try ZstdBytes(FileBytes(name: file))
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: piece)
    while true {
      let got = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      if got == 0 { break }
      content += buffer[..<got]
    }
    #expect(try buffer.withUnsafeMutableBytes { try source.read(into: $0) } == 0)
    return content
  }

  @Test("One frame gives its content, read in pieces of any size", arguments: [1_000, 32_768, 60_000, 1 << 20])
  func oneFrame(piece: Int) throws {
    #expect(try decoded(Zstd.frame(Self.content), piece: piece) == Self.content)
    #expect(try decoded(Zstd.frame(Self.content, checksum: true, level: 19), piece: piece) == Self.content)
  }

  @Test("Reading byte by byte is slow but correct")
  func byteByByte() throws {
    let content = Array(Self.content[..<500])
    #expect(try decoded(Zstd.frames(content, of: 77, checksum: true), piece: 1) == content)
  }

  @Test("Consecutive frames are one content, wherever it was split", arguments: [97, 1_000, 8_191, 59_999])
  func manyFrames(size: Int) throws {
    #expect(try decoded(Zstd.frames(Self.content, of: size)) == Self.content)
    #expect(try decoded(Zstd.frames(Self.content, of: size, checksum: true)) == Self.content)
  }

  @Test("Empty frames and skippable frames of every kind add nothing, wherever they are")
  func emptyAndSkippable() throws {
    let frames = [
      Zstd.skippable([]), Zstd.frame([]), Zstd.frame([1, 2]), Zstd.frame([], checksum: true),
      Zstd.skippable(Array(repeating: 0x28, count: 400_000), kind: 15), Zstd.frame([3]),
    ]
    #expect(try decoded(frames.flatMap { $0 } + (0..<16).flatMap { Zstd.skippable([9], kind: $0) }) == [1, 2, 3])
    #expect(try decoded(Zstd.frame([])) == [])
    #expect(try decoded(Zstd.skippable([1, 2, 3])) == [])
  }

  @Test("The first bytes identify a compressed file")
  func recognizes() {
    #expect(Zstandard.recognizes(Zstd.frame([1])))
    #expect((0..<16).allSatisfy { Zstandard.recognizes(Zstd.skippable([], kind: $0)) })
    for start in [
      [], [0x28], [0x28, 0xB5, 0x2F], [0x28, 0xB5, 0x2F, 0xFC], [0x50, 0x2A, 0x4D], [0x60, 0x2A, 0x4D, 0x18],
    ] as [[UInt8]] {
      #expect(!Zstandard.recognizes(start))
    }
  }

  @Test("A file truncated at any byte is an error, except where a frame ends")
  func everyCut() throws {
    let parts = [
      (Zstd.frame(Array(Self.content[..<300]), checksum: true), 300), (Zstd.skippable([7, 7, 7]), 300),
      (Zstd.frame(Array(Self.content[300..<900])), 900), (Zstd.frame([]), 900),
      (Zstd.frame(Array(repeating: 5, count: 4_000), checksum: true), 4_900),
    ]
    let content = Array(Self.content[..<900]) + Array(repeating: 5, count: 4_000)
    let whole = parts.flatMap { $0.0 }
    var ends = [0: 0]
    for (part, count) in parts { ends[(ends.keys.max() ?? 0) + part.count] = count }
    let folder = try TemporaryFolder()
    for cut in 0...whole.count {
      let file = try folder.write("cut", Array(whole[..<cut]))
      if let count = ends[cut] {
        #expect(try decoded(file: file) == Array(content[..<count]), "cut at \(cut)")
      } else {
        let start = ends.keys.filter { $0 < cut }.max() ?? 0
        expectError(.truncated, file: file, position: "the frame at byte \(start)") { _ = try decoded(file: file) }
      }
    }
  }

  @Test("Any flipped bit under a checksum is an error")
  func everyFlip() throws {
    let frame = Zstd.frame(Array(Self.content[..<400]), checksum: true)
    let folder = try TemporaryFolder()
    for position in frame.indices {
      var damaged = frame
      damaged[position] ^= 1 << (position % 8)
      let file = try folder.write("damaged", damaged)
      // Only changes of reserved and unused header bits may go unnoticed.
      if let content = try? decoded(file: file) { #expect(content == Array(Self.content[..<400])) }
    }
    var damaged = frame
    damaged[damaged.count - 1] ^= 0x10
    let file = try folder.write("damaged", damaged)
    expectError(.corrupt, file: file, position: "the frame at byte 0", mentioning: "checksum") {
      _ = try decoded(file: file)
    }
  }

  @Test("Damage in a later frame is reported with the position where that frame starts")
  func laterFrame() throws {
    let first = Zstd.frame(Array(Self.content[..<400]), checksum: true)
    var second = Zstd.frame(Array(Self.content[..<500]), checksum: true)
    second[second.count - 1] ^= 1
    expectError(.corrupt, position: "the frame at byte \(first.count)", mentioning: "checksum") {
      _ = try decoded(first + second)
    }
  }

  @Test("A frame that needs a window above 2 GiB is refused with advice")
  func window() throws {
    for (log, eighths) in [(31, 1), (41, 7)] as [(UInt8, UInt8)] {
      expectError(.windowTooLarge, position: "the frame at byte 0", mentioning: "2.0 GiB", "--long=31") {
        _ = try decoded(Zstd.emptyFrame(windowLog: log, eighths: eighths))
      }
    }
    for (log, eighths) in [(31, 0), (28, 3), (27, 1), (27, 0)] as [(UInt8, UInt8)] {
      #expect(try decoded(Zstd.emptyFrame(windowLog: log, eighths: eighths)) == [])
    }
  }

  @Test("A frame that fills a larger window than allowed is refused there; with less content it is read")
  func allowed() throws {
    func read(_ frames: [UInt8], _ allowed: Int) throws -> Int {
      let folder = try TemporaryFolder()
      return try ZstdBytes(FileBytes(name: folder.write("a.zst", frames)), largestWindow: allowed).skip(.max)
    }
    let frame = Zstd.streamed(Self.content, windowLog: 20)
    #expect(try read(frame, 60_000) == 60_000 && read(frame, 1 << 20) == 60_000)
    #expect(try read(Zstd.streamed(Self.content, windowLog: 15), 1 << 15) == 60_000)
    let first = Zstd.frame([1, 2, 3])
    expectError(.windowTooLarge, position: "the frame at byte \(first.count)", mentioning: "1.0 MiB", "58.6 KiB") {
      _ = try read(first + frame, 59_999)
    }
  }

  @Test(
    "Bytes after the last frame that are not a frame are an error",
    arguments: [[0, 0, 0, 0], Array("trailing".utf8), [0x28, 0xB5, 0x2F, 0xFC, 0, 0, 0, 0, 0, 0]])
  func trailing(garbage: [UInt8]) throws {
    let frame = Zstd.frame([1, 2, 3])
    expectError(.corrupt, position: "byte \(frame.count)", mentioning: "Zstandard frame") {
      _ = try decoded(frame + garbage)
    }
  }

  @Test("Even one byte after the last frame is an error")
  func oneByteBehind() {
    let error = #expect(throws: StreamError.self) { _ = try decoded(Zstd.frame([1, 2, 3]) + [0]) }
    #expect(error?.kind == .corrupt || error?.kind == .truncated)
  }

  @Test("A block that refers to bytes before the start of its frame is an error")
  func corruptBlock() {
    // A block of reserved type.
    expectError(.corrupt, position: "the frame at byte 0") {
      _ = try decoded([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58, 0x07, 0x00, 0x00])
    }
  }

  @Test("Progress counts bytes of the file")
  func consumed() throws {
    let folder = try TemporaryFolder()
    let frames = Zstd.frames(Self.content, of: 10_000)
    let source = try ZstdBytes(FileBytes(name: folder.write("a", frames)))
    #expect(try source.skip(30_000) == 30_000)
    #expect(source.consumedBytes <= frames.count && source.consumedBytes > 0)
    #expect(try source.skip(1 << 40) == 30_000)
    #expect(source.consumedBytes == frames.count)
  }

  @Test("Frames are read from a pipe like from a file", arguments: [1, 13, 4096])
  func pipe(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let frames = Zstd.frames(Self.content, of: 10_000, checksum: true)
    #expect(try decoded(file: folder.pipe("a", of: frames, chunk: chunk)) == Self.content)
  }

  @Test(
    "The output of the zstd command is read, with any flags",
    .enabled(if: Zstd.command != nil, "the zstd command is not installed"),
    arguments: [
      ["-1"], ["-19"], ["--ultra", "-22"], ["--long=27"], ["--no-check"], ["--check"], ["-T2", "-B524288"],
      ["--no-content-size"], ["--fast=5"], ["--rsyncable", "-T2"],
    ])
  func command(flags: [String]) throws {
    let content = (0..<20).flatMap { _ in Self.content }
    let frames = try Zstd.run(flags, content)
    #expect(Data(try decoded(frames)) == Data(content))
    #expect(Data(try decoded(Zstd.skippable([1, 2]) + frames + frames)) == Data(content + content))
  }
}
