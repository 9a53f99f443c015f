/// The names of a table's columns, for reading formulas and lists of names.
///
/// A column's name wins over the formula it looks like: with a column `val-loss`, that text is not val − loss. `val - loss`
/// still is. Within a longer formula this holds for names that start with a letter or `_`. Any name may also go between
/// backquotes.
package struct ColumnNames: Sendable {
  private let all: Set<String>
  /// Names that are more than one word of a formula, longest first.
  private let composite: [[Character]]

  package init(_ names: [String] = []) {
    all = Set(names)
    composite = names.map(Array.init).filter { name in
      name.first.map(Self.startsWord) == true && !name.allSatisfy(Self.isOfWord)
    }.sorted { $0.count > $1.count }
  }

  /// Whether a character may start a name in a formula without backquotes.
  static func startsWord(_ character: Character) -> Bool { character.isLetter || character == "_" }

  /// Whether a character may be part of a name in a formula without backquotes.
  static func isOfWord(_ character: Character) -> Bool {
    startsWord(character) || character.isNumber || character == "."
  }

  func contains(_ name: String) -> Bool { all.contains(name) }

  /// The length of the longest name of several words that is at this place, and does not cut a word.
  func length(at place: Int, in text: [Character]) -> Int? {
    guard place == 0 || !Self.isOfWord(text[place - 1]) else { return nil }
    return composite.first { name in
      guard text[place...].starts(with: name), let last = name.last else { return false }
      let next = text.dropFirst(place + name.count).first
      return !Self.isOfWord(last) || next.map(Self.isOfWord) != true
    }?.count
  }

  /// The parts between commas outside names and backquotes, without spaces at their ends; empty ones are left out.
  package func list(_ text: String) -> [String] {
    guard !contains(text.trimmingSpaces) else { return [text.trimmingSpaces] }
    var parts: [String] = []
    var rest = text[...]
    while let comma = firstSign(in: rest, among: ",") {
      parts.append(rest[..<comma].trimmingSpaces)
      rest = rest[rest.index(after: comma)...]
    }
    return (parts + [rest.trimmingSpaces]).filter { !$0.isEmpty }
  }

  /// The position of the first of some signs outside names and backquotes.
  func firstSign(in text: Substring, among signs: String) -> Substring.Index? {
    guard !contains(text.trimmingSpaces) else { return nil }
    let characters = Array(text)
    var (place, isQuoted) = (0, false)
    while place < characters.count {
      if !isQuoted, let length = length(at: place, in: characters) {
        place += length
        continue
      }
      if characters[place] == "`" { isQuoted.toggle() }
      if !isQuoted && signs.contains(characters[place]) { return text.index(text.startIndex, offsetBy: place) }
      place += 1
    }
    return nil
  }

  /// A name without the backquotes around it.
  static func unquoted(_ text: String) -> String {
    text.count > 2 && text.first == "`" && text.last == "`" ? String(text.dropFirst().dropLast()) : text
  }
}
