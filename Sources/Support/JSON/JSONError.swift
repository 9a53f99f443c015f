/// What is wrong with a JSON document, and at which byte.
package struct JSONError: DiagnosedError, Equatable {
  package let byte: Int
  /// The line of that byte, from 1, in JSON lines.
  private var line: Int?
  let expected: String
  let found: String
  /// Nil for a document that is not JSON.
  private let advice: String?

  init(byte: Int, expected: String, found: String, advice: String? = nil) {
    (self.byte, self.expected, self.found, self.advice) = (byte, expected, found, advice)
  }

  func naming(line: Int) -> JSONError {
    var error = self
    error.line = line
    return error
  }

  package var isBadInput: Bool { true }
  package var diagnosis: Diagnosis {
    Diagnosis(
      position: (line.map { "line \($0), " } ?? "") + "byte \(byte)", expected: expected, found: found,
      advice: advice ?? "check that \(line == nil ? "the file" : "each line") is complete JSON")
  }
}
