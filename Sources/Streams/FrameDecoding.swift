import CZstd
import Dispatch

/// One frame on its way from compressed bytes to content, decoded by a thread of the decoders' queue.
///
/// `@unchecked Sendable` holds because the reader writes `compressed` before the frame is handed to the queue, the decoding
/// thread alone writes the result, and the reader looks at it only after the semaphore has been signalled.
final class FrameDecoding: @unchecked Sendable {
  enum Result {
    /// That many bytes of content.
    case content(Int)
    case failed(ZSTD_ErrorCode)
    /// More content than a frame decoded apart may have.
    case tooLarge
    /// The file does not have the frame any more.
    case gone
  }

  let compressed: CompressedFrame
  let content: Buffer
  private(set) var result = Result.content(0)
  private let finished = DispatchSemaphore(value: 0)

  private let largest: Int
  private let pool: BufferPool

  /// - Parameters:
  ///   - largest: bytes of content it may have.
  ///   - pool: of the content's memory, which has the right size at once where the frame says it.
  init(_ frame: CompressedFrame, largest: Int, from pool: BufferPool) {
    (compressed, self.largest, self.pool) = (frame, largest, pool)
    content = Buffer(count: min(frame.contentSize ?? max(2 * frame.count, 1 << 16), largest), from: pool)
  }

  /// Bytes of the frame, compressed and decoded; of one that does not say, content of twice its size.
  var memory: Int { compressed.count + min(compressed.contentSize ?? 2 * compressed.count, largest) }

  /// Decodes the frame and signals the end.
  func decode(with context: OpaquePointer) {
    if let size = compressed.contentSize, size > largest {
      result = .tooLarge
    } else {
      result = compressed.withBytes(from: pool) { run(context, $0) } ?? .gone
    }
    finished.signal()
  }

  /// Waits for the result.
  func wait() -> Result {
    finished.wait()
    finished.signal()
    return result
  }

  private func run(_ context: OpaquePointer, _ input: UnsafeRawBufferPointer) -> Result {
    ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var done = 0
    while true {
      var target = ZSTD_outBuffer(dst: content.bytes.baseAddress, size: content.count, pos: done)
      let status = ZSTD_decompressStream(context, &target, &source)
      if ZSTD_isError(status) != 0 { return .failed(ZSTD_getErrorCode(status)) }
      let progress = target.pos - done
      done = target.pos
      if status == 0 { return .content(done) }
      if done == content.count {
        guard done < largest else { return .tooLarge }
        content.grow(to: min(done * 2, largest), keeping: done)
      } else if progress == 0 && source.pos == source.size {
        return .failed(ZSTD_error_srcSize_wrong)
      }
    }
  }
}
