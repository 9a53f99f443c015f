import CZstd
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Decoding a frame")
struct FrameDecodingJobTests {
  private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: ($0 / 7) &* ($0 / 300)) }

  private func decode(_ bytes: [UInt8], largest: Int = 1 << 20) throws -> (FrameDecodingJob, FrameDecodingJob.Result) {
    let pool = BufferPool()
    let buffer = try Buffer(count: bytes.count, from: pool)
    buffer.bytes.copyBytes(from: bytes)
    let frame = try FrameDecodingJob(
      CompressedFrame(Piece(buffer: buffer, range: 0..<bytes.count, offset: 0)), largest: largest, from: pool)
    let decoder = try #require(ZSTD_createDCtx())
    defer { ZSTD_freeDCtx(decoder) }
    frame.decode(with: decoder)
    // The second wait returns, too.
    _ = frame.wait()
    return (frame, frame.wait())
  }

  @Test("Content is decoded, whether the frame states its size or not")
  func content() throws {
    for bytes in [Zstd.frame(Self.content, checksum: true), Zstd.streamed(Self.content)] {
      let (frame, result) = try decode(bytes)
      guard case .content(let count) = result else {
        Issue.record("not decoded: \(result)")
        continue
      }
      #expect(frame.content.bytes[..<count].elementsEqual(Self.content))
    }
  }

  @Test("More content than allowed is an error, stated or not; if stated, nothing is decoded")
  func tooLarge() throws {
    for bytes in [Zstd.frame(Self.content), Zstd.streamed(Self.content)] {
      let (frame, result) = try decode(bytes, largest: 100_000)
      guard case .tooLarge = result else {
        Issue.record("\(result)")
        continue
      }
      #expect(frame.content.count < Self.content.count)
    }
    // A frame that does not state its content size may hold at most four blocks of 128 KiB.
    guard case .content = try decode(Zstd.streamed(Self.content), largest: 4 << 17).1 else {
      Issue.record("as much as allowed is too much")
      return
    }
  }

  @Test("The checksum detects a flipped bit")
  func damaged() throws {
    var bytes = Zstd.frame(Self.content, checksum: true)
    bytes[bytes.count - 1] ^= 1
    guard case .failed(ZSTD_error_checksum_wrong) = try decode(bytes).1 else {
      Issue.record("damaged, and decoded")
      return
    }
  }
}
