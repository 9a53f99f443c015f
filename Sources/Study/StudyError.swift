import Support

/// Why a table cannot be studied, and where in the table or an expression.
package struct StudyError: DiagnosedError, Equatable {
  package let diagnosis: Diagnosis

  init(file: String? = nil, position: String? = nil, expected: String, found: String, advice: String) {
    diagnosis = Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice)
  }

  package var isBadInput: Bool { true }

  /// A column that a table does not have.
  ///
  /// - Parameter formula: the formula that names it.
  static func unknownColumn(_ name: String, among columns: [String], in formula: String? = nil) -> StudyError {
    let nearest = similar(to: formula ?? name, among: columns) ?? columns.first { $0 == "\(name)_mean" }
    // A statistic over pairs or classes has several columns.
    let parts = columns.filter { $0.hasPrefix("\(name)_") }
    return StudyError(
      expected: "a column of the table", found: "“\(name)”",
      advice: nearest.map { "did you mean “\($0)”?" }
        ?? Spelling.advice(for: name, among: parts.isEmpty ? columns : parts))
  }

  /// The column that differs from a text only in signs, spaces and case: `val_loss` for `val-loss`.
  private static func similar(to text: String, among columns: [String]) -> String? {
    func letters(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
    return columns.first { letters($0) == letters(text) }
  }
}
