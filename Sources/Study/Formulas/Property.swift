/// A named formula whose relation to the target is studied.
public struct Property: Sendable, Equatable {
  public let name: String
  public let expression: Expression

  init(_ name: String, _ expression: Expression) {
    (self.name, self.expression) = (name, expression)
  }

  /// Reads `NAME=EXPRESSION`, or an expression, which is then its own name. Throws ``StudyError``.
  public init(_ text: String) throws {
    guard let sign = QuotedColumnNames.firstSign(in: text[...], among: "=") else {
      self.init(text.trimmingSpaces, try Expression(text.trimmingSpaces))
      return
    }
    let (name, formula) = (text[..<sign].trimmingSpaces, text[text.index(after: sign)...].trimmingSpaces)
    self.init(name.isEmpty ? formula : name, try Expression(formula))
  }
}

extension StringProtocol {
  /// Without spaces at its ends.
  var trimmingSpaces: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
