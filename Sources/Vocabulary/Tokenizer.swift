import Foundation
import Storage
import Support

/// The vocabulary of a Hugging Face `tokenizer.json`: the text of each token id.
///
/// It does not tokenize text. It knows four styles of writing pieces:
/// - byte-level BPE (GPT-2 and most later models): `Ġthe` is ` the`; see ``ByteLevelAlphabet``;
/// - SentencePiece, by BPE or Unigram (Llama 2, Gemma): `▁the` is ` the`, `<0x0A>` is a newline;
/// - WordPiece (BERT): `the` begins a word, `##ing` continues one, and both are shown unchanged;
/// - any other: pieces are shown unchanged.
///
/// Added tokens take precedence over a piece with the same id. They are read in the same style, as the decoders of
/// `tokenizers` do, unless that gives no UTF-8.
package struct Tokenizer: Sendable {
  private let pieces: PieceTable
  /// Identity of the file's bytes.
  package let checksum: String

  /// Number of tokens that have an id.
  package var count: Int { pieces.entries.count }

  /// The readable text of a token in one line, with a leading space kept. Control characters and invalid UTF-8 are
  /// escaped, as `\n` or `\xE2`, and a backslash is doubled. Nil if no token has the id.
  package func text(of token: Int32) -> String? { pieces[token].map { ReadableText.text(pieces.bytes(of: $0)) } }

  /// The type of a token; nil if no token has the id.
  package func type(of token: Int32) -> TokenType? {
    pieces[token].map { piece in
      piece.isSpecial
        ? .special : TokenType(ReadableText.scalars(pieces.bytes(of: piece)), startsWord: piece.startsWord)
    }
  }

  /// Added tokens that the tokenizer marks as special.
  package var specialTokens: Set<Int32> { Set(pieces.entries.lazy.filter(\.isSpecial).map(\.token)) }

  /// The text and kind of one token.
  struct Piece: Sendable {
    let bytes: [UInt8]
    var startsWord = false
    var isSpecial = false
  }
}

extension Tokenizer {
  /// Maximum file size in bytes; the largest vocabularies have some tens of millions.
  static let largest = 256 << 20
  /// Maximum size of a piece in bytes, so that the size of a table of texts is bounded.
  static let longestPiece = 4096

  /// The `tokenizer.json` that a path stands for: the file itself, or the one in the folder of that name.
  package static func file(_ path: String) -> String {
    guard Files.isFolder(path) else { return path }
    return path + (path.hasSuffix("/") ? "" : "/") + "tokenizer.json"
  }

  /// Reads a tokenizer, given as its file or its folder. Throws ``StreamError`` that says what the file lacks.
  package init(_ path: String) throws {
    let name = Self.file(path)
    var pieces: PieceTable
    (pieces, checksum) = try Self.read(WholeFile.bytes(name, limit: Self.largest, kind: "a tokenizer.json"), name)
    pieces.sort()
    self.pieces = pieces
  }

  /// The pieces in the order of the document, and the checksum of its bytes.
  private static func read(_ bytes: [UInt8], _ name: String) throws -> (PieceTable, String) {
    do {
      let pieces = try bytes.withUnsafeBufferPointer { bytes in
        var parser = JSONParser(bytes: bytes)
        let parts = try parser.document { try TokenizerParts(&$0) }
        return try Self.pieces(parts, &parser, name)
      }
      let checksum = Checksum()
      bytes.withUnsafeBytes(checksum.update)
      return (pieces, checksum.value)
    } catch let error as JSONError {
      throw malformed(name, error.diagnosis.position, "JSON: \(error.diagnosis.expected)", error.diagnosis.found)
    }
  }

  private static func pieces(
    _ parts: TokenizerParts?, _ parser: inout JSONParser, _ name: String
  ) throws -> PieceTable {
    guard let parts else { throw malformed(name, nil, "an object at the top level", "something else") }
    guard let vocabulary = parts.vocabulary else {
      throw malformed(
        name, nil, "model.vocab, the pieces and their ids", parts.hasModel ? "a model without it" : "no model")
    }
    let style = PieceStyle(parts.style)
    parser.place = vocabulary
    // Every piece takes its bytes and at least four more in the document.
    let count = parts.pieces
    var pieces = PieceTable(pieces: count, bytes: max(parser.bytes.count - 4 * count, 0))
    try add(&pieces, from: &parser, style, name)
    if let added = parts.addedTokens {
      parser.place = added
      try add(&pieces, added: &parser, style, name)
    }
    return pieces
  }

  private static func malformed(_ name: String, _ position: String?, _ expected: String, _ found: String) -> StreamError
  {
    StreamError(
      .unknownFormat, file: name, position: position, expected: expected, found: found,
      advice: "name the tokenizer.json of the model; a fast Hugging Face tokenizer writes it with save_pretrained")
  }

  /// Pieces and ids, from an object of ids by piece, or from a list of pieces with scores, whose ids count from 0.
  private static func add(
    _ pieces: inout PieceTable, from parser: inout JSONParser, _ style: PieceStyle, _ name: String
  ) throws {
    let isObject = try parser.members { parser, piece in
      let token = try token(parser.value(), of: piece, name)
      pieces.add(style.piece(piece), as: token)
      parser.forget()
    }
    if isObject { return }
    let isList = try parser.elements { parser, id in
      guard case .array(let entry) = try parser.value(), case .string(let piece)? = entry.first else {
        throw malformed(name, "model.vocab[\(id)]", "a piece and its score", "something else")
      }
      pieces.add(style.piece(piece), as: try token(.integer(id), of: piece, name))
      parser.forget()
    }
    guard isList else { throw malformed(name, "model.vocab", "pieces and their ids", "something else") }
  }

  private static func token(_ id: JSONValue?, of piece: String, _ name: String) throws -> Int32 {
    guard case .integer(let id)? = id, let token = Int32(exactly: id), token >= 0 else {
      throw malformed(name, "token “\(piece.prefix(40))”", "an id from 0 to \(Int32.max)", "none")
    }
    guard piece.utf8.count <= longestPiece else {
      throw malformed(name, "token \(id)", "a piece of at most \(longestPiece) bytes", "\(piece.utf8.count) bytes")
    }
    return token
  }

  private static func add(
    _ pieces: inout PieceTable, added parser: inout JSONParser, _ style: PieceStyle, _ name: String
  ) throws {
    let isList = try parser.elements { parser, index in
      let added = try parser.value()
      guard case .string(let content)? = added["content"] else {
        throw malformed(name, "added_tokens[\(index)]", "a token with its content", "none")
      }
      let token = try token(added["id"], of: content, name)
      pieces.add(style.added(content, isSpecial: added["special"] == .boolean(true)), as: token, isAdded: true)
      parser.forget()
    }
    guard try isList || parser.value() == .null else {
      throw malformed(name, "added_tokens", "a list of tokens", "something else")
    }
  }
}

/// Where the parts of a `tokenizer.json` are.
private struct TokenizerParts {
  /// The parts that decide the style of pieces.
  private(set) var style = JSONValue.object([])
  private(set) var hasModel = false
  /// Bytes at which `model.vocab` and `added_tokens` start.
  private(set) var vocabulary: Int?
  private(set) var addedTokens: Int?
  /// How many pieces the vocabulary has.
  private(set) var pieces = 0

  private static let ofStyle = ["normalizer", "pre_tokenizer", "decoder"]
  private static let ofModel = ["type", "continuing_subword_prefix", "byte_fallback"]

  /// Takes the document; nil if it is not an object. Of repeated members the first counts.
  init?(_ parser: inout JSONParser) throws {
    var parts = Self.empty
    let isObject = try parser.members { parser, name in
      switch name {
      case "model" where !parts.hasModel:
        parts.hasModel = true
        let model = parser.place
        if try !parser.members({ try parts.take($1, ofModel: &$0) }) {
          parser.place = model
          try parser.skip()
        }
      case "added_tokens" where parts.addedTokens == nil:
        parts.addedTokens = parser.place
        try parser.skip()
      default:
        if Self.ofStyle.contains(name) {
          parts.style = parts.style.adding(name, try parser.value())
        } else {
          try parser.skip()
        }
      }
    }
    guard isObject else {
      try parser.skip()
      return nil
    }
    self = parts
    style = style.adding("model", .object(model))
  }

  private static let empty = TokenizerParts()
  private var model: [JSONValue.Member] = []

  private init() {}

  private mutating func take(_ name: String, ofModel parser: inout JSONParser) throws {
    if name == "vocab", vocabulary == nil {
      vocabulary = parser.place
      pieces = try parser.skip()
    } else if Self.ofModel.contains(name) {
      model.append(.init(name, try parser.value()))
    } else {
      try parser.skip()
    }
  }
}
