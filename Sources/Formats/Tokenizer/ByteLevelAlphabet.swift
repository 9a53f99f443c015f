/// The characters by which byte-level BPE writes bytes, so that every piece of a vocabulary is printable text.
///
/// A byte that is a printable character of Latin-1 (`!` … `~`, `¡` … `¬`, `®` … `ÿ`) stands for itself; the 68 others, in
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

  /// The bytes that a piece stands for; those of its own text where it has a character that stands for none.
  static func bytes(of piece: String) -> [UInt8] {
    var found: [UInt8] = []
    for scalar in piece.unicodeScalars {
      guard let byte = bytes[scalar] else { return Array(piece.utf8) }
      found.append(byte)
    }
    return found
  }
}
