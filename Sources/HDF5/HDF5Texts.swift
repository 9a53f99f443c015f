import CHDF5
import Support

extension HDF5File {
  /// Writes a 1-d array of texts as fixed-length UTF-8 strings: zero-padded to the longest.
  ///
  /// Variable-length strings would lie in a heap without checksums, and the library crashes if that is damaged.
  ///
  /// - Precondition: no text contains a zero character, which would end it.
  package func writeTexts(_ path: String, _ texts: [String]) throws {
    let length = max(texts.lazy.map(\.utf8.count).max() ?? 0, 1)
    let (dataset, type) = try HDF5Library.locked {
      let type = try textType(length) { failure(path, expected: "texts of \(length) bytes") }
      return (try makeDataset(path, stored: type.id, shape: [texts.count]), type)
    }
    let rowsAtOnce = max(1, Self.bytesAtOnce / length)
    for start in stride(from: 0, to: texts.count, by: rowsAtOnce) {
      let rows = start..<min(start + rowsAtOnce, texts.count)
      var bytes = [UInt8](repeating: 0, count: rows.count * length)
      for (row, text) in texts[rows].enumerated() {
        bytes.replaceSubrange(row * length..<row * length + text.utf8.count, with: text.utf8)
      }
      try dataset.write(rows, native: type.id, byteCount: length, from: bytes)
    }
  }

  /// Bytes of padded text to write at a time.
  private static let bytesAtOnce = 4 << 20
}

extension HDF5Dataset {
  /// All texts of a 1-d array of fixed-length strings. Throws ``StreamError`` if it is not one, or is not fully stored.
  package func readTexts() throws -> [String] {
    try checkStored()
    guard let (type, length) = textType, shape.count == 1 else {
      throw unreadable("an array of fixed-length strings")
    }
    // A text takes at least 16 bytes in an array.
    let (count, overflow) = shape[0].multipliedReportingOverflow(by: length + 16)
    try MappedMemory.check(overflow ? .max : count, for: "the texts of \(path) of \(file.name)")
    let bytes = try [UInt8](unsafeUninitializedCapacity: shape[0] * length) { buffer, count in
      if let start = buffer.baseAddress, !buffer.isEmpty {
        try read(0..<shape[0], native: type.id, byteCount: length, into: start)
      }
      count = shape[0] * length
    }
    return (0..<shape[0]).map { row in
      String(decoding: bytes[row * length..<(row + 1) * length].prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
