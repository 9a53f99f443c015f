import CZstd
import Storage
import Support

/// Makes Zstandard frames that any decoder takes, one of each stretch of content: the frame says how large its content is
/// and carries a checksum of it.
///
/// The same content gives the same frame. One thread uses a compressor at a time; several threads have one each.
public final class FrameCompressor {
  private let context: OpaquePointer
  private var frame = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 64)

  /// - Parameter level: of compression; 3 is what the `zstd` command takes.
  ///
  /// Throws ``StreamError`` of kind `cannotWrite` where there is no memory for it.
  public init(level: Int = 3) throws {
    guard let context = ZSTD_createCCtx() else { throw Self.failure("no memory for a compressor") }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, CInt(clamping: level))
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit {
    ZSTD_freeCCtx(context)
    frame.deallocate()
  }

  /// One frame of `content`, which stays as it is until the next call or the compressor's end.
  ///
  /// Throws ``StreamError`` of kind `cannotWrite` where there is no memory for it.
  public func compress(_ content: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
    let bound = Self.bound(content.count)
    if frame.count < bound {
      frame.deallocate()
      frame = .allocate(byteCount: bound, alignment: 64)
    }
    let count = ZSTD_compress2(context, frame.baseAddress, frame.count, content.baseAddress, content.count)
    guard ZSTD_isError(count) == 0 else { throw Self.failure(String(cString: ZSTD_getErrorName(count)).lowercased()) }
    return UnsafeRawBufferPointer(rebasing: frame[..<count])
  }

  /// Bytes of a frame of `count` bytes of content at most.
  public static func bound(_ count: Int) -> Int { ZSTD_compressBound(count) }

  private static func failure(_ found: String) -> StreamError {
    StreamError(
      .cannotWrite,
      Diagnosis(
        expected: "to compress a Zstandard frame", found: found, advice: "free some memory, or use fewer threads"))
  }
}
