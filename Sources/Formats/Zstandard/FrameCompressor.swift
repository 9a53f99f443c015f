import CZstd
import Storage

/// Makes Zstandard frames that any decoder reads, one for each piece of content. A frame states the size of its content
/// and carries a checksum.
///
/// The same content gives the same frame. Only one thread at a time may use a compressor; each thread needs its own.
package final class FrameCompressor {
  private let context: OpaquePointer
  private var frame = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 64)

  /// - Parameter level: compression level; the `zstd` command defaults to 3.
  ///
  /// Throws ``StreamError`` of kind `cannotWrite` if memory runs out.
  package init(level: Int = 3) throws {
    guard let context = ZSTD_createCCtx() else { throw Self.failure("no memory for a compressor") }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, CInt(clamping: level))
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit {
    ZSTD_freeCCtx(context)
    frame.deallocate()
  }

  /// Compresses `content` into one frame, which is valid until the next call or the end of the compressor.
  ///
  /// Throws ``StreamError`` of kind `cannotWrite` if memory runs out.
  package func compress(_ content: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
    let bound = Self.bound(content.count)
    if frame.count < bound {
      frame.deallocate()
      frame = .allocate(byteCount: bound, alignment: 64)
    }
    let count = ZSTD_compress2(context, frame.baseAddress, frame.count, content.baseAddress, content.count)
    guard ZSTD_isError(count) == 0 else { throw Self.failure(String(cString: ZSTD_getErrorName(count)).lowercased()) }
    return UnsafeRawBufferPointer(rebasing: frame[..<count])
  }

  /// Maximum size of the frame of `count` bytes of content.
  package static func bound(_ count: Int) -> Int { ZSTD_compressBound(count) }

  private static func failure(_ found: String) -> StreamError {
    StreamError(
      .cannotWrite, expected: "to compress a Zstandard frame", found: found,
      advice: "free some memory, or use fewer threads")
  }
}
