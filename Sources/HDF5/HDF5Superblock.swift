import Storage

/// The superblock of an HDF5 file. A user block may come before it, as in MATLAB 7.3 files.
package struct HDF5Superblock {
  /// Whether a program has the file open for writing, or was killed while it had.
  enum Writer {
    case none
    case some
    /// A writer that lets others read: what it has flushed is consistent (single writer, multiple readers).
    case swmr
  }

  static let magic: [UInt8] = [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]

  let writer: Writer

  /// Finds the signature at byte 0, 512, 1024, 2048 and so on; nil if it is at none of them.
  ///
  /// - Parameter file: not read yet.
  package init?(of file: FileBytes) throws {
    var offset = 0
    while true {
      // Cannot overflow: it is at most the file's size.
      _ = try file.skip(offset - file.consumedBytes)
      let bytes = try file.peek(Self.writerByte + 1)
      if bytes.starts(with: Self.magic) {
        writer = Self.writer(bytes)
        return
      }
      guard let size = file.size, offset <= size / 2 else { return nil }
      offset = max(2 * offset, 512)
    }
  }

  /// The byte that holds the writer's marks, in versions from 3 on.
  private static let writerByte = 11

  private static func writer(_ bytes: [UInt8]) -> Writer {
    guard bytes.count > writerByte, bytes[magic.count] >= 3, bytes[writerByte] & 1 != 0 else { return .none }
    return bytes[writerByte] & 4 != 0 ? .swmr : .some
  }
}
