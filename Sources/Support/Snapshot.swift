import Foundation

/// State that can be saved during a run and restored later, so that the run continues as if uninterrupted.
package protocol Snapshot {
  /// Writes everything needed to resume. Throws errors of `writer` and of reading spilled data.
  func save(to writer: any SnapshotWriter) throws

  /// Restores what ``save(to:)`` wrote. Throws errors of `reader`, or its refusal if the data does not fit.
  mutating func restore(from reader: any SnapshotReader) throws
}

/// Receives a snapshot as named sections of bytes.
package protocol SnapshotWriter {
  /// Writes a section of `byteCount` bytes, which `body` appends piece by piece.
  func section(
    _ name: String, byteCount: Int, _ body: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws
}

extension SnapshotWriter {
  /// Writes numbers as bytes in native order.
  package func section<Number: BitwiseCopyable>(_ name: String, _ numbers: [Number]) throws {
    try numbers.withUnsafeBytes { bytes in
      try section(name, byteCount: bytes.count) { append in try append(bytes) }
    }
  }
}

/// Reads back what a ``SnapshotWriter`` wrote.
package protocol SnapshotReader {
  /// Bytes in a section, or nil if there is no such section.
  func byteCount(_ section: String) -> Int?

  /// Fills `buffer` with a section's bytes, starting at `offset`.
  func read(_ section: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws

  /// The error to throw if the snapshot does not match what is being restored.
  func refusal(expected: String, found: String) -> any Error
}

extension SnapshotReader {
  /// All numbers in a section.
  package func numbers<Number: BitwiseCopyable>(_ section: String, as _: Number.Type) throws -> [Number] {
    guard let count = byteCount(section), count % MemoryLayout<Number>.stride == 0 else {
      throw refusal(expected: "numbers named \(section)", found: "none")
    }
    return try [Number](unsafeUninitializedCapacity: count / MemoryLayout<Number>.stride) { numbers, initialized in
      try read(section, at: 0, into: UnsafeMutableRawBufferPointer(start: numbers.baseAddress, count: count))
      initialized = count / MemoryLayout<Number>.stride
    }
  }

  /// The value that a section holds as JSON.
  package func value<Value: Decodable>(_ section: String, as _: Value.Type = Value.self) throws -> Value {
    let bytes = try numbers(section, as: UInt8.self)
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch {
      throw refusal(expected: "JSON named \(section)", found: "other text")
    }
  }
}
