import CZstd
import TestSupport
import Testing

@testable import Formats

@Suite("Frame compressor")
struct FrameCompressorTests {
  private func frame(_ content: [UInt8], by compressor: FrameCompressor) throws -> [UInt8] {
    try content.withUnsafeBytes { Array(try compressor.compress($0)) }
  }

  private func content(_ count: Int) -> [UInt8] {
    var random = SeededGenerator(count)
    return (0..<count).map { _ in UInt8.random(in: 0..<200, using: &random) }
  }

  @Test("Frames state their content size, carry its checksum, and equal those of the library's one-shot call")
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
}
