import Formats
import Geometry
import Vocabulary

/// The columns of a class table, for pages and figures.
extension ClassTable {
  /// Numbers of a column; nil if it is missing or empty.
  func numbers(_ entry: ClassColumnEntry) -> [Double?]? {
    guard case .numbers(let values)? = columns.first(where: { $0.entry == entry })?.values,
      values.contains(where: { $0 != nil })
    else { return nil }
    return values
  }

  /// Texts of a column; nil if it is missing.
  func texts(_ entry: ClassColumnEntry) -> [String]? {
    guard case .texts(let values)? = columns.first(where: { $0.entry == entry })?.values else { return nil }
    return values.map { $0 ?? "" }
  }

  /// Adds token texts and types, unless the table has texts: `text` after `token`, `nearest_text` after
  /// `nearest_token`.
  package func naming(_ tokenizer: Tokenizer, types: Bool = false) -> ClassTable {
    guard texts(.text) == nil else { return self }
    func naming(_ table: ClassTable, _ tokens: ClassColumnEntry, _ entry: ClassColumnEntry, _ name: (Int32) -> String?)
      -> ClassTable
    {
      guard let column = table.columns.first(where: { $0.entry == tokens }) else { return table }
      let names = column.numbers.map { $0.flatMap { Int32(exactly: $0) }.flatMap(name) }
      return table.inserting(ClassColumn(entry, .texts(names)), after: tokens)
    }
    let typed = types ? naming(self, .token, .type) { tokenizer.type(of: $0)?.rawValue } : self
    return naming(naming(typed, .token, .text, tokenizer.text), .nearestToken, .nearestText, tokenizer.text)
  }
}
