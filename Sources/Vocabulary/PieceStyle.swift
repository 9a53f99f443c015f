import Storage
import Support

/// How the pieces of a vocabulary write text; see ``Tokenizer``.
enum PieceStyle: Equatable {
  case byteLevel
  /// `marker` stands for a space.
  case sentencePiece(marker: String)
  /// `prefix` marks a piece that continues a word.
  case wordPiece(prefix: String)
  case plain

  /// Derives the style from a tokenizer's parts: byte level if a part works on bytes, SentencePiece if a part has a
  /// word marker. WordPiece and Unigram follow from the model.
  init(_ tokenizer: JSONValue) {
    let parts = ["normalizer", "pre_tokenizer", "decoder"].compactMap { tokenizer[$0] }
    let model = tokenizer["model"]?["type"]
    let marker = Self.firstMarker(in: parts)
    if parts.contains(where: { Self.has("ByteLevel", $0) }) {
      self = .byteLevel
    } else if model == "WordPiece" {
      self = .wordPiece(prefix: tokenizer["model"]?["continuing_subword_prefix"]?.string ?? "##")
    } else if let marker {
      self = .sentencePiece(marker: marker)
    } else if model == "Unigram" || tokenizer["model"]?["byte_fallback"] == .boolean(true) {
      self = .sentencePiece(marker: Self.standardMarker)
    } else {
      self = .plain
    }
  }

  private static let standardMarker = "\u{2581}"

  /// Whether a part, or a member of a sequence, has the given type.
  private static func has(_ type: String, _ part: JSONValue) -> Bool {
    part["type"] == .string(type) || members(part).contains { has(type, $0) }
  }

  /// The marker that a part writes for a space, or reads as one.
  private static func marker(_ part: JSONValue) -> String? {
    if part["type"] == "Metaspace" { return part["replacement"]?.string ?? standardMarker }
    let words = [part["content"], part["pattern"]?["String"], part["prepend"]]
    if words.contains(.string(standardMarker)) { return standardMarker }
    return firstMarker(in: members(part))
  }

  /// The parts of a sequence.
  /// Looks at each part once: a lazy `compactMap` would look twice, and 2ⁿ times at parts nested n deep.
  private static func firstMarker(in parts: [JSONValue]) -> String? {
    for part in parts { if let marker = marker(part) { return marker } }
    return nil
  }

  private static func members(_ part: JSONValue) -> [JSONValue] {
    ["normalizers", "pretokenizers", "decoders"].flatMap { key -> [JSONValue] in
      if case .array(let parts)? = part[key] { parts } else { [] }
    }
  }

  func piece(_ piece: String) -> Tokenizer.Piece {
    switch self {
    case .byteLevel: Tokenizer.Piece(bytes: ByteLevelAlphabet.bytes(of: piece))
    case .sentencePiece(let marker):
      Tokenizer.Piece(bytes: Self.byte(piece).map { [$0] } ?? Self.replacing(marker, in: piece))
    case .wordPiece(let prefix):
      Tokenizer.Piece(bytes: Array(piece.utf8), startsWord: !piece.utf8.starts(with: prefix.utf8))
    case .plain: Tokenizer.Piece(bytes: Array(piece.utf8))
    }
  }

  /// An added token. Its content is text, but may be written like a piece.
  func added(_ content: String, isSpecial: Bool) -> Tokenizer.Piece {
    var added = piece(content)
    if String(validating: added.bytes, as: UTF8.self) == nil { added = Tokenizer.Piece(bytes: Array(content.utf8)) }
    added.isSpecial = isSpecial
    return added
  }

  /// The byte that a piece such as `<0x0A>` stands for.
  private static func byte(_ piece: String) -> UInt8? {
    let text = Array(piece.utf8)
    guard text.count == 6, text.starts(with: "<0x".utf8), text[5] == UInt8(ascii: ">"), text[3] != UInt8(ascii: "+")
    else { return nil }
    return UInt8(String(decoding: text[3...4], as: UTF8.self), radix: 16)
  }

  /// The bytes of `piece`, with every marker replaced by a space.
  private static func replacing(_ marker: String, in piece: String) -> [UInt8] {
    let marker = Array(marker.unicodeScalars)
    var rest = Array(piece.unicodeScalars)[...]
    var text = String.UnicodeScalarView()
    while let scalar = rest.first {
      if !marker.isEmpty, rest.starts(with: marker) {
        text.append(" ")
        rest = rest.dropFirst(marker.count)
      } else {
        text.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return Array(String(text).utf8)
  }
}

extension JSONValue {
  fileprivate var string: String? { if case .string(let text) = self { text } else { nil } }
}
