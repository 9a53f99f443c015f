import CDeflate

/// Decodes a whole zlib stream (RFC 1950), which HDF5's deflate filter writes per chunk.
///
/// Uses libdeflate, which takes at most half the time of zlib because it does not have to stop and resume.
enum Inflate {
  /// Decodes `bytes` into the start of `room`, checks the Adler-32 at their end, and returns the size of the output.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(HDF5Pipeline.Fault) -> Int {
    func fault(_ found: String) -> HDF5Pipeline.Fault {
      HDF5Pipeline.Fault(expected: "deflate of at most \(room.count) bytes", found: found)
    }
    guard let decompressor = libdeflate_alloc_decompressor() else { throw fault("no memory to decode it") }
    defer { libdeflate_free_decompressor(decompressor) }
    var count = 0
    let result = libdeflate_zlib_decompress(
      decompressor, bytes.baseAddress, bytes.count, room.baseAddress, room.count, &count)
    switch result {
    case LIBDEFLATE_SUCCESS: return count
    // Some truncated streams end up here too, because missing input reads as zeros.
    case LIBDEFLATE_INSUFFICIENT_SPACE: throw fault("more, or damage")
    default: throw fault("damage")
    }
  }
}
