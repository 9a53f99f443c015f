import CZstd
import SystemPackage
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Walking frames")
struct FrameScannerTests {
  private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: ($0 / 7) &* ($0 / 300)) }

  private static let frames: [[UInt8]] = [
    Zstd.frame([]), Zstd.frame([7]), Zstd.frame(Array(content[..<255])), Zstd.frame(Array(content[..<256])),
    Zstd.frame(Array(content[..<70_000]), checksum: true), Zstd.frame(content), Zstd.streamed(content),
    Zstd.frame([UInt8](repeating: 0, count: 400_000), checksum: true), Zstd.skippable([]),
    Zstd.skippable(Array(content[..<9_000]), kind: 15), Zstd.emptyFrame(windowLog: 20),
  ]

  /// The library's description of a frame whose bytes are all in memory: its size, and its content size if the frame
  /// states it. Nil if the library cannot parse it.
  private func whole(_ bytes: ArraySlice<UInt8>) -> (count: Int, stated: Int?)? {
    Array(bytes).withUnsafeBytes { bytes in
      let count = ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count)
      let content = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
      guard ZSTD_isError(count) == 0, content != ZSTD_CONTENTSIZE_ERROR else { return nil }
      return (count, content == ZSTD_CONTENTSIZE_UNKNOWN ? nil : Int(clamping: content))
    }
  }

  private func isSame(_ found: FrameScanner.Frame?, _ expected: (count: Int, stated: Int?)?) -> Bool {
    guard let found, let expected else { return found == nil && expected == nil }
    return found.count == expected.count && (expected.stated == nil || found.contentBound == expected.stated)
  }

  private func walk(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> FrameScanner {
    let file = try FileDescriptor.open(FilePath(folder.write("a.zst", bytes)), .readOnly)
    return try file.closeAfter { FrameScanner(try #require(PositionedFile(file)), end: bytes.count) }
  }

  @Test("Frames of every form end where the library says, wherever they start")
  func frames() throws {
    let folder = try TemporaryFolder()
    let bytes = Array(Self.frames.joined())
    var walk = try walk(bytes, in: folder)
    var start = 0
    for frame in Self.frames {
      let found = try #require(try walk.frame(at: start, most: 1 << 30))
      #expect(isSame(found, whole(bytes[start...])))
      #expect(found.count == frame.count)
      // In memory as in a file.
      let held = try frame.withUnsafeBytes { bytes in
        var walk = FrameScanner(bytes)
        return try walk.frame(at: 0, most: frame.count)
      }
      #expect(held == found)
      start += frame.count
    }
    #expect(try walk.frame(at: start, most: 1 << 30) == nil)
    #expect(isSame(try walk.frame(at: 0, most: 1 << 30), whole(bytes[...])))
  }

  @Test("For a frame without a content size, it gives the upper bound: whole blocks")
  func bound() throws {
    let folder = try TemporaryFolder()
    let zeros = [UInt8](repeating: 0, count: 400_000)
    // A compressed block has at most the window size; a block of one repeated byte states its size.
    for (frame, content, block) in [
      (Zstd.streamed(Self.content), 300_000, 1 << 17), (Zstd.streamed(Self.content, windowLog: 11), 300_000, 1 << 11),
      (Zstd.streamed(zeros), 400_000, 1 << 17),
    ] {
      var walk = try walk(frame, in: folder)
      let bound = try #require(try walk.frame(at: 0, most: frame.count)).contentBound
      // It was flushed once in the middle.
      #expect((content...content + 2 * block).contains(bound))
    }
    var empty = try walk(Zstd.emptyFrame(windowLog: 27), in: folder)
    #expect(try empty.frame(at: 0, most: 100)?.contentBound == 0)
    var large = try walk(Zstd.emptyFrame(windowLog: 31), in: folder)
    #expect(try large.frame(at: 0, most: 100)?.contentBound == 0)
    var refused = try walk(Zstd.emptyFrame(windowLog: 31, eighths: 1), in: folder)
    #expect(try refused.frame(at: 0, most: 100)?.contentBound == .max)
  }

  @Test("A frame that ends after the file, or is larger than allowed, is refused")
  func cut() throws {
    let folder = try TemporaryFolder()
    for frame in Self.frames {
      var walk = try walk(frame, in: folder)
      #expect(try walk.frame(at: 0, most: frame.count)?.count == frame.count)
      #expect(try walk.frame(at: 0, most: frame.count - 1) == nil)
      for count in Set([0, 1, 4, 5, 7, 9, frame.count / 2, frame.count - 4, frame.count - 1]) where count < frame.count
      {
        var short = try self.walk(Array(frame.prefix(max(count, 0))), in: folder)
        #expect(try short.frame(at: 0, most: 1 << 30) == nil, "\(count) of \(frame.count)")
      }
    }
  }

  @Test("For damaged headers it agrees with the library, or gives up")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let frame = Zstd.frames(Array(Self.content[..<2_000]), of: 700, checksum: true)
    for place in 0..<40 {
      for bit in 0..<8 {
        var damaged = frame
        damaged[place] ^= 1 << bit
        var walk = try walk(damaged, in: folder)
        let found = try walk.frame(at: 0, most: 1 << 30)
        let expected = whole(damaged[...])
        #expect(found == nil || expected == nil || isSame(found, expected), "bit \(bit) of byte \(place)")
        // Every frame that the library can split off is split off.
        if expected != nil { #expect(isSame(found, expected), "bit \(bit) of byte \(place)") }
      }
    }
  }
}
