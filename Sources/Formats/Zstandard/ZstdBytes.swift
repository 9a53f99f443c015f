import CZstd
import Storage

/// The content of consecutive Zstandard frames, as a byte source.
///
/// Accepts any number of frames, split anywhere. Skippable frames are skipped, and libzstd verifies checksums. Memory
/// is the decoder's window, at most 128 MiB, and a fixed input buffer. It uses one thread; ``ParallelZstdBytes`` uses
/// several.
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

  /// - Parameter file: positioned at the start of the first frame.
  init(_ file: ByteSource) throws {
    guard let context = ZSTD_createDCtx() else {
      throw StreamError(
        .unreadable, file: file.name, expected: "memory for a decoder", found: "none", advice: "free some memory")
    }
    self.file = file
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
      pending = source.pos..<pending.upperBound
      insideFrame = result != 0
      frameContent += target.pos
      if !insideFrame { (frameStart, frameContent) = (position - pending.count, 0) }
      if target.pos > 0 { return target.pos }
      if atEnd && insideFrame { throw ZstdFailure(file: name, frameStart: frameStart).truncated }
    }
  }

  func stop() { file.stop() }
}
