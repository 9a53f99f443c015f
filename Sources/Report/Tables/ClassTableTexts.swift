import Formats
import Geometry
import Support
import Vocabulary

/// The columns of a class table, for pages and figures.
extension ClassTable {
  /// Numbers of a column; nil if it is missing or empty.
  func numbers(_ entry: ClassColumnEntry) -> OptionalNumbers? {
    guard let values = columns.first(where: { $0.entry == entry })?.numbers, values.contains(where: { $0 != nil })
    else { return nil }
    return values
  }

  /// Adds token texts and types, unless the table has texts: `text` after `token`, `nearest_text` after
  /// `nearest_token`.
  package func naming(_ tokenizer: Tokenizer, types: Bool = false) -> ClassTable {
    guard !columns.contains(where: { $0.entry == .text }) else { return self }
    func naming(
      _ table: ClassTable, _ tokens: ClassColumnEntry, _ entry: ClassColumnEntry,
      _ name: @escaping @Sendable (Int32) -> String?
    ) -> ClassTable {
      guard let column = table.columns.first(where: { $0.entry == tokens }) else { return table }
      return table.inserting(ClassColumn(entry, .stored(TokenNames(tokens: column, name: name))), after: tokens)
    }
    let typed = types ? naming(self, .token, .type) { tokenizer.type(of: $0)?.rawValue } : self
    return naming(naming(typed, .token, .text, { tokenizer.text(of: $0) }), .nearestToken, .nearestText) {
      tokenizer.text(of: $0)
    }
  }
}

/// The names of tokens, made when they are asked for.
private struct TokenNames: StoredClassColumn {
  let tokens: ClassColumn
  let name: @Sendable (Int32) -> String?

  var rows: Int { tokens.rows }
  func numbers() -> OptionalNumbers { OptionalNumbers() }

  func forEachText(_ body: (String?) throws -> Void) rethrows {
    for token in tokens.numbers { try body(token.flatMap { Int32(exactly: $0) }.flatMap(name)) }
  }
}
