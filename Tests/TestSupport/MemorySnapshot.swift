import Support

/// Saved sections, in memory.
package final class MemorySnapshot: SnapshotWriter, SnapshotReader {
  /// The error for a section that is missing or does not fit.
  package struct Refusal: Error {
    package let expected: String
    package let found: String
  }

  private var sections: [String: [UInt8]] = [:]

  package init() {}

  package func section(
    _ name: String, byteCount: Int, _ body: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    var bytes: [UInt8] = []
    try body { bytes += $0 }
    guard bytes.count == byteCount else {
      throw Refusal(expected: "\(byteCount) bytes of \(name)", found: "\(bytes.count)")
    }
    sections[name] = bytes
  }

  package func byteCount(_ section: String) -> Int? { sections[section]?.count }

  package func read(_ section: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard let bytes = sections[section], offset + buffer.count <= bytes.count else {
      throw Refusal(expected: "\(buffer.count) bytes of \(section) at \(offset)", found: "fewer")
    }
    buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
  }

  package func refusal(expected: String, found: String) -> any Error { Refusal(expected: expected, found: found) }
}
