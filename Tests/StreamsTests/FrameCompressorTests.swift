import CZstd
import TestSupport
import Testing

@testable import Streams

@Suite("Frame compressor")
struct FrameCompressorTests {
  private func frame(_ content: [UInt8], by compressor: FrameCompressor) throws -> [UInt8] {
    try content.withUnsafeBytes { Array(try compressor.compress($0)) }
  }

  private func content(_ count: Int) -> [UInt8] {
    var random = SeededGenerator(count)
    return (0..<count).map { _ in UInt8.random(in: 0..<200, using: &random) }
  }

  @Test("Frames say how large their content is, carry its checksum, and are those of the library's one-shot call")
  func frames() throws {
    let compressor = try FrameCompressor(level: 1)
    for count in [100_000, 0, 1, 5_000] {
      let content = content(count)
      let frame = try frame(content, by: compressor)
      #expect(frame == Zstd.frame(content, checksum: true))
      #expect(ZSTD_getFrameContentSize(frame, frame.count) == UInt64(count))
      #expect(frame.count <= FrameCompressor.bound(count))
    }
  }

  @Test("A drain counts the content of every frame, on one thread or several, again and again")
  func drain() throws {
    let folder = try TemporaryFolder()
    let compressor = try FrameCompressor()
    let counts = [50_000, 1, 0, 300_000, 7]
    let file = try folder.write("a.zst", counts.flatMap { try frame(content($0), by: compressor) })
    let drain = FrameDrain()
    for _ in 0..<2 {
      #expect(try drain.oneByOne(of: file) == 350_008)
      for threads in 1...3 { #expect(try drain.all(of: file, threads: threads) == 350_008) }
    }
  }

  @Test("A drain names the frame that is damaged or cut short")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (Zstd.frame(content(100), checksum: true), Zstd.frame(content(5_000), checksum: true))
    var wrong = second
    wrong[wrong.count - 1] ^= 1
    for (bytes, kind) in [(first + wrong, StreamError.Kind.corrupt), (first + second.dropLast(9), .truncated)] {
      let file = try folder.write("a.zst", bytes)
      for read in [{ try FrameDrain().oneByOne(of: file) }, { try FrameDrain().all(of: file, threads: 2) }] {
        let error = #expect(throws: StreamError.self) { _ = try read() }
        #expect(error?.kind == kind)
        #expect(error?.diagnosis.position?.contains("\(first.count)") ?? false)
      }
    }
  }
}
