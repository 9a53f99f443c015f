/// The checksum of HDF5's `fletcher32` filter: Fletcher's, over 16-bit big-endian words.
///
/// Both sums are in ones' complement, modulo 65 535, where a nonzero sum never becomes 0. An odd last byte is the high
/// byte of its word. Source: Fletcher 1982; the HDF5 file format, section on filters.
enum Fletcher32 {
  static func sum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var (first, second): (UInt64, UInt64) = (0, 0)
    let words = bytes.count / 2
    var word = 0
    while word < words {
      // Few enough words that no sum overflows.
      let end = min(word + 1 << 16, words)
      while word < end {
        first &+= UInt64(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2 * word, as: UInt16.self)))
        second &+= first
        word += 1
      }
      (first, second) = (folded(first), folded(second))
    }
    if bytes.count % 2 == 1, let last = bytes.last {
      first = folded(first + UInt64(last) << 8)
      second = folded(second + first)
    }
    return UInt32(second) << 16 | UInt32(first)
  }

  private static func folded(_ sum: UInt64) -> UInt64 {
    var sum = sum
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return sum
  }
}
