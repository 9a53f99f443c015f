import Support

/// Reads small files whole.
package enum WholeFile {
  /// All bytes of a file or pipe. Throws ``StreamError`` if it cannot be read or has more than `limit` bytes.
  ///
  /// - Parameter kind: the expected kind of file, with an article.
  package static func bytes(_ name: String, limit: Int, kind: String) throws -> [UInt8] {
    let file = try FileBytes(name: name)
    func tooLarge(_ found: String) -> StreamError {
      StreamError(
        .unknownFormat, file: name, expected: "\(kind) of at most \(limit) bytes", found: found,
        advice: "check that this is the right kind of file")
    }
    if let size = file.size {
      if size > limit { throw tooLarge("\(size) bytes") }
      try MemoryBudget.check(name, bytes: size)
    }
    var bytes: [UInt8] = []
    // A byte more tells that the file has grown.
    bytes.reserveCapacity((file.size ?? 0) + 1)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
      if got == 0 {
        try file.integrity.check { try Self.bytes(name, limit: limit, kind: kind) == bytes }
        return bytes
      }
      if bytes.isEmpty, ForeignFormat.of(Array(chunk[..<got])) != nil {
        throw StreamError(
          .unknownFormat,
          ForeignFormat.diagnosis(file: name, expected: kind, start: Array(chunk[..<got]), advice: ""))
      }
      bytes += chunk[..<got]
      guard bytes.count <= limit else { throw tooLarge("more") }
      if file.size == nil { try MemoryBudget.check(name, bytes: bytes.count) }
    }
  }

  /// The JSON document in a file, and the file's bytes. Throws like ``bytes(_:limit:kind:)``, and `JSONError` with the
  /// file's name if it is not JSON. Numbers that are not finite are null.
  package static func json(_ name: String, limit: Int, kind: String) throws -> (json: JSONValue, bytes: [UInt8]) {
    let bytes = try bytes(name, limit: limit, kind: kind)
    return (try ErrorInFile.naming(name) { try JSONValue(parsing: bytes, .withNonfinite) }, bytes)
  }
}
