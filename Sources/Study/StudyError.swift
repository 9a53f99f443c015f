import Support

/// Why a table cannot be studied, and where in the table or an expression.
public struct StudyError: DiagnosedError, Equatable {
  public let diagnosis: Diagnosis

  init(file: String? = nil, position: String? = nil, expected: String, found: String, advice: String) {
    diagnosis = Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice)
  }

  public var isBadInput: Bool { true }

  /// A column that a table does not have.
  static func unknownColumn(_ name: String, among columns: [String]) -> StudyError {
    StudyError(
      expected: "a column of the table", found: "“\(name)”", advice: Spelling.advice(for: name, among: columns))
  }
}
