import CZstd
import Dispatch
import Storage

/// The content of consecutive Zstandard frames, decoded by several threads and handed out in order.
///
/// The calling thread reads the file, cuts it into frames and hands out the content. Twice as many frames as threads
/// are decoded ahead. If a frame is too large to decode separately, the rest of the file is decoded in order: one
/// thread reads and another decodes, both ahead of the calling thread (``ReadAheadBytes``).
///
/// Memory: the frames ahead, compressed and decoded, up to ``FrameLimits`` but at least two frames.
final class ParallelZstdBytes: ByteSource {
  let name: String
  var consumedBytes: Int { inOrder?.consumedBytes ?? file.consumedBytes }

  private let file: FileBytes
  private let splitter: FrameSplitter
  private let limits: FrameLimits
  private let largestWindow: Int
  private let threads: Int
  private let pool: BufferPool
  private let decoders: FrameDecoders
  /// Frames ahead, in order.
  private(set) var ahead: [FrameDecodingJob] = []
  /// Content of the first frame ahead that has not been handed out.
  private var content = 0..<0
  private var atEnd = false
  private var inOrder: ReadAheadBytes?
  /// Where decoding in order began, and how much content was handed out since.
  private var inOrderMark = ResumablePosition(frame: 0, content: 0)

  init(
    _ file: FileBytes, threads: Int, pool: BufferPool, limits: FrameLimits = FrameLimits(),
    largestWindow: Int = WindowLimit.most
  ) throws {
    (self.limits, self.file, self.threads, self.largestWindow) = (limits, file, threads, largestWindow)
    decoders = FrameDecoders(threads: threads)
    self.pool = pool
    name = file.name
    splitter = try FrameSplitter(file, pool: pool, largestFrame: limits.frame)
  }

  deinit {
    for frame in ahead { _ = frame.wait() }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    guard let frame = try frameWithContent() else { return noteInOrder(try inOrder?.read(into: buffer) ?? 0) }
    let part = take(buffer.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: frame.content.bytes[part]))
    if content.isEmpty { release() }
    return part.count
  }

  func lend(_ count: Int, from pool: BufferPool) throws -> Piece? {
    guard let frame = try frameWithContent() else {
      let piece = try inOrder?.lend(count, from: pool)
      _ = noteInOrder(piece?.range.count ?? 0)
      return piece
    }
    let part = take(count)
    let piece = Piece(buffer: frame.content, range: part, offset: frame.compressed.offset)
    if content.isEmpty { release() }
    return piece
  }

  var mark: ResumablePosition? {
    if inOrder != nil { return inOrderMark }
    return ResumablePosition(
      frame: ahead.first?.compressed.offset ?? splitter.offset, content: content.isEmpty ? 0 : content.lowerBound)
  }

  private func noteInOrder(_ count: Int) -> Int {
    inOrderMark = ResumablePosition(frame: inOrderMark.frame, content: inOrderMark.content + count)
    return count
  }

  /// Takes up to `count` bytes of the first frame's content.
  private func take(_ count: Int) -> Range<Int> {
    let part = content.lowerBound..<content.lowerBound + min(count, content.count)
    content = part.upperBound..<content.upperBound
    return part
  }

  /// The first frame ahead that has content left; nil at the end, or when the rest is decoded in order.
  private func frameWithContent() throws -> FrameDecodingJob? {
    while inOrder == nil {
      if let first = ahead.first, !content.isEmpty { return first }
      try readAhead()
      guard let first = ahead.first else { return nil }
      switch first.wait() {
      case .content(0): release()
      case .content(let count): content = 0..<count
      case .failed(let code): throw ZstdFailure(file: name, frameStart: first.compressed.offset).decoding(code)
      case .gone: throw file.integrity.failure
      case .tooLarge: try decodeInOrder()
      }
    }
    return nil
  }

  /// Starts decoding frames until enough are ahead.
  private func readAhead() throws {
    while !atEnd && ahead.count / 2 < threads && (ahead.count < 2 || bytesAhead < limits.ahead) {
      switch try splitter.next() {
      case .frame(let frame): try start(frame)
      case .end, .uncut: atEnd = true
      }
    }
    if ahead.isEmpty && splitter.isUncut { try decodeInOrder() }
  }

  /// Bytes that the frames ahead take, as far as known.
  private var bytesAhead: Int { ahead.reduce(0) { $0 + $1.memory } }

  private func start(_ frame: CompressedFrame) throws {
    let decoding = try FrameDecodingJob(frame, largest: limits.content, from: pool)
    guard decoders.start(decoding) else {
      throw ZstdFailure(file: name, frameStart: frame.offset).decoding(ZSTD_error_memory_allocation)
    }
    ahead.append(decoding)
  }

  /// Releases the first frame.
  private func release() { ahead.removeFirst() }

  /// Switches to decoding in order, from the first frame ahead or from the bytes that could not be cut.
  private func decodeInOrder() throws {
    let start = ahead.first?.compressed.offset ?? splitter.offset
    inOrderMark = ResumablePosition(frame: start, content: 0)
    var pieces: [Piece] = []
    while let first = ahead.first {
      _ = first.wait()
      if case .memory(let piece) = first.compressed.place { pieces.append(piece) }
      release()
    }
    if let uncut = splitter.takeUncut() { pieces.append(uncut) }
    // Frames that were not read here are read again, starting with the first.
    if pieces.isEmpty { file.goBack(to: start) }
    let compressed = ReadAheadBytes(PiecesThenFile(pieces, then: file), pool: pool)
    inOrder = ReadAheadBytes(try ZstdBytes(compressed, largestWindow: largestWindow), pool: pool)
  }

  func stop() {
    file.stop()
    inOrder?.stop()
  }
}
