/// Decodes LZF, the fast compression that h5py brings.
///
/// A control byte below 32 is followed by that many bytes and one more, as they are. Of any other, the upper three bits are
/// a length, to which 2 is added, and the next byte too where they are all set; the lower five and the last byte say how
/// far back in what is decoded so far the bytes are that come again, less one. Source: the description of liblzf's format.
enum LZF {
  /// Decodes `bytes` and returns how many that made; nil where they are damaged, or make more than there is room for.
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
        // Byte by byte: what comes again may reach into itself.
        for index in done..<done + count { out[index] = out[index - distance] }
        done += count
      }
    }
    return done
  }
}
