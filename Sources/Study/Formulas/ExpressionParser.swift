/// A recursive-descent parser for formulas.
struct ExpressionParser {
  /// The deepest nesting of parentheses and signs.
  private static let deepest = 100

  /// The most characters: a sum nests its terms, and recursion walks them.
  private static let longest = 2_000

  private let text: String
  private let characters: [Character]
  private let names: ColumnNames
  private var index = 0
  private var depth = 0

  init(_ text: String, names: ColumnNames = ColumnNames()) {
    (self.text, self.names) = (text, names)
    characters = Array(text)
  }

  /// The whole text.
  mutating func expression() throws -> Expression.Node {
    guard characters.count <= Self.longest else {
      throw StudyError(
        expected: "a formula of at most \(Self.longest) characters", found: "\(characters.count)",
        advice: "compute it as a column of the table, and name the column")
    }
    let node = try sum()
    guard next == nil else { throw error("an operator or the end") }
    return node
  }

  /// The next character that is not a space.
  private var next: Character? {
    mutating get {
      while index < characters.count, characters[index].isWhitespace { index += 1 }
      return index < characters.count ? characters[index] : nil
    }
  }

  private mutating func take(_ signs: String) -> Character? {
    guard let character = next, signs.contains(character) else { return nil }
    index += 1
    return character
  }

  private mutating func sum() throws -> Expression.Node {
    var node = try product()
    while let sign = take("+-") { node = .binary(sign, node, try product()) }
    return node
  }

  private mutating func product() throws -> Expression.Node {
    var node = try signed()
    while let sign = take("*/") { node = .binary(sign, node, try signed()) }
    return node
  }

  private mutating func signed() throws -> Expression.Node {
    guard depth < Self.deepest else { throw error("at most \(Self.deepest) nested parentheses and signs") }
    depth += 1
    defer { depth -= 1 }
    if take("-") != nil { return .negative(try signed()) }
    if take("+") != nil { return try signed() }
    let base = try operand()
    return take("^") == nil ? base : .binary("^", base, try signed())
  }

  private mutating func operand() throws -> Expression.Node {
    switch next {
    case "(":
      index += 1
      let node = try sum()
      try close()
      return node
    case "`": return .column(try quotedName())
    case let character? where character.isNumber || character == ".": return try number()
    case let character? where ColumnNames.startsWord(character): return try nameOrCall()
    default: throw error("a number, a column, a function or “(”")
    }
  }

  private mutating func close() throws {
    guard next == ")" else { throw error("“)”") }
    index += 1
  }

  private mutating func quotedName() throws -> String {
    let rest = characters[(index + 1)...]
    guard let end = rest.firstIndex(of: "`"), end > index + 1 else { throw error("a name between backquotes") }
    index = end + 1
    return String(rest[..<end])
  }

  private mutating func number() throws -> Expression.Node {
    let start = index
    while index < characters.count {
      let isSign = index > start && "+-".contains(characters[index]) && "eE".contains(characters[index - 1])
      guard isSign || characters[index].isNumber || characters[index].isLetter || characters[index] == "." else {
        break
      }
      index += 1
    }
    guard let number = Double(String(characters[start..<index])), number.isFinite else {
      index = start
      throw error("a number")
    }
    return .number(number)
  }

  private mutating func nameOrCall() throws -> Expression.Node {
    let start = index
    if let length = names.length(at: index, in: characters) {
      index += length
      return .column(String(characters[start..<index]))
    }
    while index < characters.count, ColumnNames.isOfWord(characters[index]) { index += 1 }
    let name = String(characters[start..<index])
    guard next == "(" else { return .column(name) }
    guard Expression.functions.contains(where: { $0.key == name }) else {
      index = start
      throw error("one of the functions \(Expression.functions.map(\.key).joined(separator: ", "))")
    }
    index += 1
    let argument = try sum()
    try close()
    return .call(name, argument)
  }

  private mutating func error(_ expected: String) -> StudyError {
    let found = next.map { "“\($0)”" } ?? "the end"
    return StudyError(
      position: "character \(index + 1) of “\(text)”", expected: expected, found: found,
      advice: "write, for example, interfere_std / interfere_mean; put other names between backquotes")
  }
}
