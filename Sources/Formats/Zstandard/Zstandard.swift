import Storage

/// Zstandard: an envelope around any format that is read in order.
enum Zstandard {
  private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// Whether a file that starts with these bytes is compressed: a Zstandard or a skippable frame.
  static func recognizes(_ start: [UInt8]) -> Bool {
    start.starts(with: magic) || (start.count >= 4 && start[0] & 0xF0 == 0x50 && start[1...3] == [0x2A, 0x4D, 0x18])
  }

  /// The content of the frames that start at the file's position; several threads decompress ahead.
  static func content(
    of file: FileBytes, threads: Int, pool: BufferPool, largestWindow: Int
  ) throws -> any ByteSource {
    threads > 1
      ? try ParallelZstdBytes(file, threads: threads, pool: pool, largestWindow: largestWindow)
      : try ZstdBytes(file, largestWindow: largestWindow)
  }
}
