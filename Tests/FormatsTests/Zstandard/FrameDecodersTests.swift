import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Frame decoders")
struct FrameDecodersTests {
  @Test("Every submitted frame is decoded, with any number of threads", arguments: [1, 2, 7])
  func all(threads: Int) throws {
    let pool = BufferPool()
    let decoders = FrameDecoders(threads: threads)
    let contents = (0..<60).map { number in (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* number) } }
    let frames = try contents.map { content in
      let bytes = Zstd.frame(content)
      let buffer = try Buffer(count: bytes.count, from: pool)
      buffer.bytes.copyBytes(from: bytes)
      let piece = Piece(buffer: buffer, range: 0..<bytes.count, offset: 0)
      return try FrameDecodingJob(CompressedFrame(piece), largest: 1 << 20, from: pool)
    }
    for frame in frames { #expect(decoders.start(frame)) }
    for (frame, content) in zip(frames, contents) {
      guard case .content(let count) = frame.wait() else {
        Issue.record("not decoded")
        continue
      }
      #expect(Array(frame.content.bytes[..<count]) == content)
    }
  }
}
