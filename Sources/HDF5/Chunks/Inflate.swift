import CDeflate

/// A whole zlib stream (RFC 1950) back to its bytes, as the deflate filter of HDF5 has them a chunk.
///
/// By libdeflate, which takes half the time of zlib or less, as it need not be able to stop in the middle.
enum Inflate {
  /// Decodes `bytes` into the beginning of `room`, checks the Adler-32 behind them, and says how many bytes that made.
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
    // Also of some streams that are cut short: what is missing reads as zeros.
    case LIBDEFLATE_INSUFFICIENT_SPACE: throw fault("more, or damage")
    default: throw fault("damage")
    }
  }
}
