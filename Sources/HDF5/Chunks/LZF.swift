/// Decodes LZF, the fast compression that comes with h5py.
///
/// - A control byte c < 32 is followed by c + 1 literal bytes.
/// - Any other control byte starts a copy. Its upper three bits plus 2 are the length; if all three are set, the next
///   byte is added. Its lower five bits and the last byte are the distance back in the output, minus 1.
///
/// Source: the description of liblzf's format.
enum LZF {
  /// Decodes `bytes` and returns the size of the output; nil if they are damaged or the output does not fit.
  static func decode(_ bytes: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer) -> Int? {
    var (place, done) = (0, 0)
    while place < bytes.count {
      let control = Int(bytes[place])
      place += 1
      if control < 32 {
        let count = control + 1
        guard count <= bytes.count - place, count <= out.count - done else { return nil }
        UnsafeMutableRawBufferPointer(rebasing: out[done..<done + count])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[place..<place + count]))
        place += count
        done += count
      } else {
        var count = control >> 5 + 2
        if control >> 5 == 7 {
          guard place < bytes.count else { return nil }
          count += Int(bytes[place])
          place += 1
        }
        guard place < bytes.count else { return nil }
        let distance = (control & 31) << 8 + Int(bytes[place]) + 1
        place += 1
        guard distance <= done, count <= out.count - done else { return nil }
        // Byte by byte, because source and target may overlap.
        for index in done..<done + count { out[index] = out[index - distance] }
        done += count
      }
    }
    return done
  }
}
