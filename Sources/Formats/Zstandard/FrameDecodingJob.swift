import CZstd
import Dispatch
import Storage
import Support

/// One frame on its way from compressed bytes to content, decoded by a thread of ``FrameDecoders``.
///
/// `@unchecked Sendable` is safe: `compressed` is written before the frame is queued, and only the decoding thread writes
/// the result. The reader waits for the semaphore before it looks.
final class FrameDecodingJob: @unchecked Sendable {
  enum Result {
    /// This many bytes of content.
    case content(Int)
    case failed(ZSTD_ErrorCode)
    /// More content than a separately decoded frame may have.
    case tooLarge
    /// The file no longer holds the frame.
    case gone
  }

  let compressed: CompressedFrame
  let content: Buffer
  private(set) var result = Result.content(0)
  private let finished = DispatchSemaphore(value: 0)

  private let largest: Int
  private let pool: BufferPool

  /// - Parameters:
  ///   - largest: maximum size of its content, in bytes.
  ///   - pool: supplies one buffer for the whole content.
  /// Throws `OutOfMemory`.
  init(_ compressed: CompressedFrame, largest: Int, from pool: BufferPool) throws(OutOfMemory) {
    (self.compressed, self.largest, self.pool) = (compressed, largest, pool)
    content = try Buffer(count: compressed.contentBound > largest ? 0 : compressed.contentBound, from: pool)
  }

  /// Bytes of the frame, compressed and decoded.
  var memory: Int { compressed.count + min(compressed.contentBound, largest) }

  /// Decodes the frame and signals the end.
  func decode(with context: OpaquePointer) {
    if compressed.contentBound > largest {
      result = .tooLarge
    } else {
      do {
        result = try compressed.withBytes(from: pool) { run(context, $0) } ?? .gone
      } catch {
        result = .failed(ZSTD_error_memory_allocation)
      }
    }
    finished.signal()
  }

  /// Waits for the result.
  func wait() -> Result {
    finished.wait()
    finished.signal()
    return result
  }

  /// Decodes in one call, which needs no window in addition to the content.
  private func run(_ context: OpaquePointer, _ input: UnsafeRawBufferPointer) -> Result {
    let count = ZSTD_decompressDCtx(
      context, content.bytes.baseAddress, content.count, input.baseAddress, input.count)
    return ZSTD_isError(count) == 0 ? .content(count) : .failed(ZSTD_getErrorCode(count))
  }
}
