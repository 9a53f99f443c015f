import CZstd
import Storage

/// Decompresses a file of Zstandard frames and makes nothing of the content: how fast decompression alone is.
///
/// Memory is kept from one time to the next, so that only the first pays for it.
///
/// Both ways throw ``StreamError`` as reading the file as a stream would, and `CancellationError` where the task is
/// cancelled. They block the calling thread.
public final class FrameDrain {
  private let pool = BufferPool()
  private let limits = FrameLimits()

  public init() {}

  /// Decompresses as ``EmbeddingReader`` does with that many threads, and returns the bytes of content.
  public func all(of name: String, threads: Int) throws -> Int {
    let cursor = try ArrayCursor(name: name, threads: threads, pool: pool)
    var count = 0
    while let piece = try cursor.source.lend(1 << 30, from: pool) {
      count += piece.range.count
      try Task.checkCancellation()
    }
    try cursor.integrity?.check()
    return count
  }

  /// Decompresses one frame after another on the calling thread, as `zstd -dc` does, and returns the bytes of content.
  ///
  /// Throws ``StreamError`` also for frames larger than are decoded apart; see ``FrameLimits``.
  public func oneByOne(of name: String) throws -> Int {
    let file = try FileBytes(name: name)
    let splitter = FrameSplitter(file, pool: pool, largestFrame: limits.frame)
    guard let context = ZSTD_createDCtx() else {
      throw ZstdFailure(file: name, frameStart: 0).decoding(ZSTD_error_memory_allocation)
    }
    defer { ZSTD_freeDCtx(context) }
    var count = 0
    while true {
      try Task.checkCancellation()
      switch try splitter.next() {
      case .frame(let frame): count += try content(of: frame, file, context)
      case .uncut: throw try failure(at: splitter.offset, splitter.takeUncut(), file)
      case .end:
        try file.integrity.check()
        return count
      }
    }
  }

  /// Why a frame is not decoded apart: what reading it in order throws, or its size.
  private func failure(at start: Int, _ piece: Piece?, _ file: FileBytes) throws -> StreamError {
    if piece == nil { file.goBack(to: start) }
    _ = try ZstdBytes(PiecesThenFile(piece.map { [$0] } ?? [], then: file)).skip(.max)
    return ZstdFailure(file: file.name, frameStart: start).decoding(ZSTD_error_dstSize_tooSmall)
  }

  private func content(of frame: CompressedFrame, _ file: FileBytes, _ context: OpaquePointer) throws -> Int {
    let decoding = FrameDecoding(frame, largest: limits.content, from: pool)
    decoding.decode(with: context)
    let failure = ZstdFailure(file: file.name, frameStart: frame.offset)
    switch decoding.wait() {
    case .content(let count): return count
    case .failed(let code): throw failure.decoding(code)
    case .tooLarge:
      let piece: Piece? = if case .memory(let piece) = frame.place { piece } else { nil }
      throw try self.failure(at: frame.offset, piece, file)
    case .gone: throw file.integrity.failure
    }
  }
}
