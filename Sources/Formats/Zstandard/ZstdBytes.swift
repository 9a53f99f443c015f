import CZstd
import Storage

/// The content of consecutive Zstandard frames, as a byte source.
///
/// Accepts any number of frames, split anywhere. Skippable frames are skipped, and libzstd verifies checksums. Memory
/// is the decoder's window, as far as there is content to fill it, and a fixed input buffer. It uses one thread;
/// ``ParallelZstdBytes`` uses several.
final class ZstdBytes: ByteSource {
  var name: String { file.name }
  var consumedBytes: Int { file.consumedBytes }

  private let file: ByteSource
  private let context: OpaquePointer
  private let input: UnsafeMutableRawBufferPointer
  private var pending: Range<Int> = 0..<0
  private var insideFrame = false
  /// Position in the file after the bytes read so far.
  private var position: Int
  /// Byte of the file at which the current frame starts.
  private var frameStart: Int
  /// Content of the current frame handed out so far, in bytes.
  private var frameContent = 0
  /// The first bytes of the current frame, which state its window.
  private var frameHeader: [UInt8] = []
  private let largestWindow: Int

  /// No header of a frame has more bytes (RFC 8878, 3.1.1).
  private static let headerBytes = 18

  /// - Parameters:
  ///   - file: positioned at the start of the first frame.
  ///   - largestWindow: the most content to keep, in bytes.
  init(_ file: ByteSource, largestWindow: Int = WindowLimit.most) throws {
    guard let context = ZSTD_createDCtx(),
      ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, CInt(WindowLimit.most.trailingZeroBitCount)))
        == 0
    else {
      throw StreamError(
        .unreadable, file: file.name, expected: "memory for a decoder", found: "none", advice: "free some memory")
    }
    (self.file, self.largestWindow) = (file, largestWindow)
    position = file.consumedBytes
    frameStart = position
    self.context = context
    input = .allocate(byteCount: 1 << 18, alignment: 64)
  }

  deinit {
    ZSTD_freeDCtx(context)
    input.deallocate()
  }

  var mark: ResumablePosition? { ResumablePosition(frame: frameStart, content: frameContent) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    var atEnd = false
    while true {
      if pending.isEmpty && !atEnd {
        pending = 0..<(try file.read(into: input))
        position += pending.count
        atEnd = pending.isEmpty
      }
      if atEnd && !insideFrame { return 0 }
      var source = ZSTD_inBuffer(src: input.baseAddress, size: pending.upperBound, pos: pending.lowerBound)
      var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      let result = ZSTD_decompressStream(context, &target, &source)
      if ZSTD_isError(result) != 0 {
        throw ZstdFailure(file: name, frameStart: frameStart).decoding(ZSTD_getErrorCode(result))
      }
      let room = max(Self.headerBytes - frameHeader.count, 0)
      if room > 0 { frameHeader += input[pending.lowerBound..<source.pos].prefix(room) }
      pending = source.pos..<pending.upperBound
      insideFrame = result != 0
      frameContent += target.pos
      if frameContent > largestWindow { try checkWindow() }
      if !insideFrame { (frameStart, frameContent, frameHeader) = (position - pending.count, 0, []) }
      if target.pos > 0 { return target.pos }
      if atEnd && insideFrame { throw ZstdFailure(file: name, frameStart: frameStart).truncated }
    }
  }

  /// Refuses a frame that makes the decoder keep more than allowed. It has not done so yet.
  private func checkWindow() throws {
    let window = frameHeader.withUnsafeBytes { bytes in
      var scanner = FrameScanner(bytes)
      return (try? scanner.firstWindow())?.bytes ?? 0
    }
    guard window > largestWindow else { return }
    throw ZstdFailure(file: name, frameStart: frameStart).window(window, most: largestWindow)
  }

  func stop() { file.stop() }
}
