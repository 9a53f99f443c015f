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
  private let pieces: [Int32: Piece]
  /// Identity of the file's bytes.
  package let checksum: String

  /// Number of tokens that have an id.
  package var count: Int { pieces.count }

  /// The readable text of a token in one line, with a leading space kept. Control characters and invalid UTF-8 are
  /// escaped, as `\n` or `\xE2`, and a backslash is doubled. Nil if no token has the id.
  package func text(of token: Int32) -> String? { pieces[token].map { ReadableText.text($0.bytes) } }

  /// The type of a token; nil if no token has the id.
  package func type(of token: Int32) -> TokenType? {
    pieces[token].map { piece in
      piece.isSpecial
        ? .special : TokenType(ReadableText.scalars(piece.bytes), startsWord: piece.startsWord)
    }
  }

  /// Added tokens that the tokenizer marks as special.
  package var specialTokens: Set<Int32> { Set(pieces.filter(\.value.isSpecial).keys) }

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
    let bytes = try WholeFile.bytes(name, limit: Self.largest, kind: "a tokenizer.json")
    let document: JSONValue
    do {
      document = try JSONValue(parsing: bytes)
    } catch let error as JSONError {
      throw Self.malformed(name, error.diagnosis.position, "JSON: \(error.diagnosis.expected)", error.diagnosis.found)
    }
    guard case .object = document else {
      throw Self.malformed(name, nil, "an object at the top level", "something else")
    }
    guard let model = document["model"], let vocabulary = model["vocab"] else {
      throw Self.malformed(
        name, nil, "model.vocab, the pieces and their ids", document["model"] == nil ? "no model" : "a model without it"
      )
    }
    let style = PieceStyle(document)
    var pieces: [Int32: Piece] = [:]
    for (piece, id) in try Self.entries(vocabulary, name) {
      let token = try Self.token(id, of: piece, name)
      if pieces[token] == nil { pieces[token] = style.piece(piece) }
    }
    for added in try Self.added(document["added_tokens"], style, name) { pieces[added.token] = added.piece }
    self.pieces = pieces
    let checksum = Checksum()
    bytes.withUnsafeBytes(checksum.update)
    self.checksum = checksum.value
  }

  private static func malformed(_ name: String, _ position: String?, _ expected: String, _ found: String) -> StreamError
  {
    StreamError(
      .unknownFormat, file: name, position: position, expected: expected, found: found,
      advice: "name the tokenizer.json of the model; a fast Hugging Face tokenizer writes it with save_pretrained")
  }

  /// Pieces and ids, from an object of ids by piece, or from a list of pieces with scores, whose ids count from 0.
  private static func entries(_ vocabulary: JSONValue, _ name: String) throws -> [(piece: String, id: JSONValue)] {
    switch vocabulary {
    case .object(let members): return members.map { ($0.key, $0.value) }
    case .array(let entries):
      return try entries.enumerated().map { id, entry in
        guard case .array(let entry) = entry, case .string(let piece)? = entry.first else {
          throw malformed(name, "model.vocab[\(id)]", "a piece and its score", "something else")
        }
        return (piece, .integer(id))
      }
    default: throw malformed(name, "model.vocab", "pieces and their ids", "something else")
    }
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

  private static func added(
    _ list: JSONValue?, _ style: PieceStyle, _ name: String
  ) throws -> [(token: Int32, piece: Piece)] {
    guard let list, list != .null else { return [] }
    guard case .array(let tokens) = list else {
      throw malformed(name, "added_tokens", "a list of tokens", "something else")
    }
    return try tokens.enumerated().map { index, added in
      guard case .string(let content)? = added["content"] else {
        throw malformed(name, "added_tokens[\(index)]", "a token with its content", "none")
      }
      let token = try token(added["id"], of: content, name)
      return (token, style.added(content, isSpecial: added["special"] == .boolean(true)))
    }
  }
}
