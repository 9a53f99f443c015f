import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Splitting into frames")
struct FrameSplitterTests {
  private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: ($0 / 7) &* ($0 / 300)) }
  private static let frames: [[UInt8]] = [
    Zstd.frame([1, 2]), Zstd.skippable([9, 9, 9]), Zstd.frame(content, checksum: true), Zstd.streamed(content),
    Zstd.frame([]), Zstd.frames(content, of: 250_000),
  ]

  /// Every frame that is split off, the final result, and the rest.
  private func cut(_ file: FileBytes, largest: Int) throws -> (frames: [[UInt8]], offsets: [Int], rest: Bool) {
    let pool = BufferPool()
    let splitter = try FrameSplitter(file, pool: pool, largestFrame: largest)
    var (frames, offsets): ([[UInt8]], [Int]) = ([], [])
    while true {
      switch try splitter.next() {
      case .frame(let frame):
        frames.append(try #require(try frame.withBytes(from: pool) { Array($0) }))
        offsets.append(frame.offset)
      case .uncut: return (frames, offsets, true)
      case .end: return (frames, offsets, false)
      }
    }
  }

  /// A file, whose frames are walked, and a pipe, which is read.
  private func sources(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> [FileBytes] {
    [
      try FileBytes(name: folder.write("a.zst", bytes)),
      try FileBytes(name: folder.pipe("p", of: bytes, chunk: 10_007)),
    ]
  }

  @Test("A file and a pipe are split into the same frames, at the same positions")
  func whole() throws {
    let folder = try TemporaryFolder()
    let bytes = Array(Self.frames.joined())
    for source in try sources(bytes, in: folder) {
      let found = try cut(source, largest: 1 << 20)
      // The last ones are two.
      #expect(found.frames.count == Self.frames.count + 1)
      let isWhole = Array(found.frames.joined()) == bytes && found.frames.dropLast(2) == Self.frames.dropLast()
      #expect(isWhole)
      #expect(zip(found.offsets, found.frames).allSatisfy { bytes[$0...].starts(with: $1) })
      #expect(!found.rest)
    }
  }

  @Test("The first invalid or truncated frame stays in place, after all frames before it")
  func uncut() throws {
    let small = Zstd.frame([1, 2])
    for tail in [Array("garbage, and more of it".utf8), Array(small.dropLast()), Array(Self.frames[2].dropLast())] {
      let folder = try TemporaryFolder()
      for source in try sources(small + small + tail, in: folder) {
        let found = try cut(source, largest: 1 << 20)
        #expect(found.offsets == [0, small.count])
        #expect(found.rest)
      }
    }
  }

  @Test("A frame of a file that is larger than allowed stays in place")
  func large() throws {
    let folder = try TemporaryFolder()
    let (small, large) = (Zstd.frame([1, 2]), Self.frames[2])
    let path = try folder.write("a.zst", small + large + small)
    let refused = try cut(try FileBytes(name: path), largest: large.count - 1)
    #expect(refused.offsets == [0] && refused.rest)
    let taken = try cut(try FileBytes(name: path), largest: large.count)
    #expect(taken.offsets == [0, small.count, small.count + large.count] && !taken.rest)
  }

  @Test("An empty source has no frames")
  func empty() throws {
    let folder = try TemporaryFolder()
    let found = try cut(try FileBytes(name: folder.write("a.zst", [])), largest: 1 << 20)
    #expect(found.frames.isEmpty && !found.rest)
  }
}
