/// What can be saved under way and restored later, to go on as if nothing had come between.
package protocol Snapshot {
  /// Writes all that is needed to go on. Throws what `writer` throws, and what reading fails with that was set aside.
  func save(to writer: any SnapshotWriter) throws

  /// Takes back what ``save(to:)`` wrote. Throws what `reader` throws, and its refusal of what does not fit.
  mutating func restore(from reader: any SnapshotReader) throws
}

/// Takes what is saved: named sections of bytes.
package protocol SnapshotWriter {
  /// Writes a section of `byteCount` bytes, which `body` hands over piece by piece.
  func section(
    _ name: String, byteCount: Int, _ body: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws
}

extension SnapshotWriter {
  /// Writes numbers, as their bytes in native order.
  package func section<Number: BitwiseCopyable>(_ name: String, _ numbers: [Number]) throws {
    try numbers.withUnsafeBytes { bytes in
      try section(name, byteCount: bytes.count) { append in try append(bytes) }
    }
  }
}

/// Gives back what a ``SnapshotWriter`` took.
package protocol SnapshotReader {
  /// Bytes of a section; nil where there is none of that name.
  func byteCount(_ section: String) -> Int?

  /// Fills `buffer` with a section's bytes from `offset` on.
  func read(_ section: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws

  /// The error that what was saved is not what is being restored.
  func refusal(expected: String, found: String) -> any Error
}

extension SnapshotReader {
  /// All numbers of a section.
  package func numbers<Number: BitwiseCopyable>(_ section: String, as _: Number.Type) throws -> [Number] {
    guard let count = byteCount(section), count % MemoryLayout<Number>.stride == 0 else {
      throw refusal(expected: "numbers named \(section)", found: "none")
    }
    return try [Number](unsafeUninitializedCapacity: count / MemoryLayout<Number>.stride) { numbers, initialized in
      try read(section, at: 0, into: UnsafeMutableRawBufferPointer(start: numbers.baseAddress, count: count))
      initialized = count / MemoryLayout<Number>.stride
    }
  }
}
