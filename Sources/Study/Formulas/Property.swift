/// A named formula whose relation to the target is studied.
package struct Property: Sendable, Equatable {
  package let name: String
  package let expression: Expression

  init(_ name: String, _ expression: Expression) {
    (self.name, self.expression) = (name, expression)
  }

  /// Reads `NAME=EXPRESSION`, or an expression, which is then its own name. Throws ``StudyError``.
  ///
  /// - Parameter names: the columns of its table.
  package init(_ text: String, names: ColumnNames = ColumnNames()) throws {
    guard let sign = names.firstSign(in: text[...], among: "=") else {
      self.init(text.trimmingSpaces, try Expression(text.trimmingSpaces, names: names))
      return
    }
    let (name, formula) = (text[..<sign].trimmingSpaces, text[text.index(after: sign)...].trimmingSpaces)
    self.init(name.isEmpty ? formula : name, try Expression(formula, names: names))
  }
}

extension StringProtocol {
  /// Without spaces at its ends.
  var trimmingSpaces: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
