import Support

/// Bytes as text that people can read and a table can hold in one line.
///
/// Spaces stay spaces. Control characters, line and paragraph separators, and invalid UTF-8 are escaped: `\n`, `\r`,
/// `\t`, or `\xE2` byte by byte. A backslash is `\\`. The text determines the bytes.
enum ReadableText {
  static func text(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    forEachScalar(bytes) { scalar, bytes in
      switch scalar {
      case "\n": text.append(contentsOf: "\\n".unicodeScalars)
      case "\r": text.append(contentsOf: "\\r".unicodeScalars)
      case "\t": text.append(contentsOf: "\\t".unicodeScalars)
      case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
      case let scalar? where !isInvisible(scalar): text.append(scalar)
      default: for byte in bytes { text.append(contentsOf: "\\x\(hexadecimal([byte]))".unicodeScalars) }
      }
    }
    return String(text)
  }

  /// The characters of `bytes`, without the invalid bytes.
  static func scalars(_ bytes: [UInt8]) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    forEachScalar(bytes) { scalar, _ in
      if let scalar { scalars.append(scalar) }
    }
    return scalars
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Calls `body` with each character and its bytes, or with nil and invalid bytes.
  private static func forEachScalar(_ bytes: [UInt8], _ body: (Unicode.Scalar?, ArraySlice<UInt8>) -> Void) {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var place = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        body(Unicode.UTF8.decode(encoded), bytes[place..<place + encoded.count])
        place += encoded.count
      case .error(let length):
        body(nil, bytes[place..<place + length])
        place += length
      case .emptyInput: return
      }
    }
  }
}
