/// The lines of a text, one at a time.
package enum Lines {
  /// Calls `body` with the number of each line, from 1, and its bytes without the line feed.
  package static func forEach(
    in bytes: ArraySlice<UInt8>, _ body: (_ number: Int, _ line: ArraySlice<UInt8>) throws -> Void
  ) rethrows {
    var (number, rest) = (1, bytes)
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      try body(number, rest[..<end])
      (number, rest) = (number + 1, rest[(end + 1)...])
    }
    try body(number, rest)
  }
}
