import CZstd
import Dispatch

/// One frame on its way from compressed bytes to content, decoded by a thread of the decoders' queue.
///
/// `@unchecked Sendable` holds because the reader writes `piece` before the frame is handed to the queue, the decoding
/// thread alone writes the result, and the reader looks at it only after the semaphore has been signalled.
final class FrameDecoding: @unchecked Sendable {
  enum Result {
    /// That many bytes of content.
    case content(Int)
    case failed(ZSTD_ErrorCode)
    /// More content than a frame decoded apart may have.
    case tooLarge
  }

  let piece: Piece
  let content: Buffer
  private(set) var result = Result.content(0)
  private let finished = DispatchSemaphore(value: 0)

  init(_ piece: Piece, into content: Buffer) {
    self.piece = piece
    self.content = content
  }

  /// Bytes of the frame, compressed and decoded; of one that does not say, content of twice its size.
  var memory: Int {
    let stated = ZSTD_getFrameContentSize(piece.bytes.baseAddress, piece.bytes.count)
    let isStated = stated != ZSTD_CONTENTSIZE_UNKNOWN && stated != ZSTD_CONTENTSIZE_ERROR
    let most = ParallelZstdBytes.largestContent
    return piece.range.count + (isStated ? min(Int(clamping: stated), most) : 2 * piece.range.count)
  }

  /// Decodes the frame and signals the end.
  func decode(with context: OpaquePointer) {
    result = run(context)
    finished.signal()
  }

  /// Waits for the result.
  func wait() -> Result {
    finished.wait()
    finished.signal()
    return result
  }

  private func run(_ context: OpaquePointer) -> Result {
    let input = piece.bytes
    let stated = ZSTD_getFrameContentSize(input.baseAddress, input.count)
    let isStated = stated != ZSTD_CONTENTSIZE_UNKNOWN && stated != ZSTD_CONTENTSIZE_ERROR
    if isStated && stated > ParallelZstdBytes.largestContent { return .tooLarge }
    content.grow(to: max(isStated ? Int(stated) : input.count * 2, 1 << 16), keeping: 0)
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
        guard done < ParallelZstdBytes.largestContent else { return .tooLarge }
        content.grow(to: min(done * 2, ParallelZstdBytes.largestContent), keeping: done)
      } else if progress == 0 && source.pos == source.size {
        return .failed(ZSTD_error_srcSize_wrong)
      }
    }
  }
}
