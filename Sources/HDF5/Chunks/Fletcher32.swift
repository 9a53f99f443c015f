/// The checksum of HDF5's filter of that name: Fletcher's, of 16-bit words, the first byte of each being the higher one.
///
/// Both sums are taken in ones' complement, modulo 65 535, where a sum that is not 0 stays so; a last odd byte is the higher
/// one of its word. Source: Fletcher 1982; the HDF5 file format, section on filters.
enum Fletcher32 {
  static func sum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var (first, second): (UInt64, UInt64) = (0, 0)
    let words = bytes.count / 2
    var word = 0
    while word < words {
      // So few that no sum overflows.
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
