/// The characters that byte-level BPE writes for bytes, so that every piece of a vocabulary is printable text.
///
/// A byte that is a printable Latin-1 character (`!` … `~`, `¡` … `¬`, `®` … `ÿ`) stands for itself. The 68 others, in
/// ascending order, are U+0100, U+0101, …: a space is `Ġ`, a newline `Ċ`.
///
/// - Source: GPT-2 (Radford et al. 2019).
enum ByteLevelAlphabet {
  private static let bytes: [Unicode.Scalar: UInt8] = {
    var bytes: [Unicode.Scalar: UInt8] = [:]
    var next: UInt32 = 0x100
    for byte in UInt8.min ... .max {
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: bytes[Unicode.Scalar(byte)] = byte
      default:
        if let scalar = Unicode.Scalar(next) { bytes[scalar] = byte }
        next += 1
      }
    }
    return bytes
  }()

  /// The bytes that a piece stands for; the piece's own UTF-8 if one of its characters stands for no byte.
  static func bytes(of piece: String) -> [UInt8] {
    var found: [UInt8] = []
    for scalar in piece.unicodeScalars {
      guard let byte = bytes[scalar] else { return Array(piece.utf8) }
      found.append(byte)
    }
    return found
  }
}
