import CZstd
import Storage

/// Decompresses a file of Zstandard frames and discards the content, to measure the speed of decompression alone.
///
/// Memory is kept between calls, so that only the first pays for it.
///
/// Both methods throw the ``StreamError`` that reading the file as a stream would, and `CancellationError` if the task
/// is cancelled. They block the calling thread.
package final class FrameDrain {
  private let pool = BufferPool()
  private let limits = FrameLimits()

  package init() {}

  /// Decompresses like ``EmbeddingReader`` with that many threads, and returns the number of content bytes.
  package func all(of name: String, threads: Int) throws -> Int {
    let file = try PeekedFile(name, options: ReadOptions(threads: threads), pool: pool)
    let content = try file.content()
    var count = 0
    while let piece = try content.lend(1 << 30, from: pool) {
      count += piece.range.count
      try Task.checkCancellation()
    }
    try file.file.integrity.check()
    return count
  }

  /// Decompresses one frame after another on the calling thread, like `zstd -dc`, and returns the number of content
  /// bytes.
  ///
  /// Also throws ``StreamError`` for frames too large to decode separately; see ``FrameLimits``.
  package func oneByOne(of name: String) throws -> Int {
    let file = try FileBytes(name: name)
    let splitter = try FrameSplitter(file, pool: pool, largestFrame: limits.frame)
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

  /// Why a frame is not decoded separately: the error that reading it in order throws, or its size.
  private func failure(at start: Int, _ piece: Piece?, _ file: FileBytes) throws -> StreamError {
    if piece == nil { file.goBack(to: start) }
    _ = try ZstdBytes(PiecesThenFile(piece.map { [$0] } ?? [], then: file)).skip(.max)
    return ZstdFailure(file: file.name, frameStart: start).decoding(ZSTD_error_dstSize_tooSmall)
  }

  private func content(of frame: CompressedFrame, _ file: FileBytes, _ context: OpaquePointer) throws -> Int {
    let decoding = try FrameDecodingJob(frame, largest: limits.content, from: pool)
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
