/// What is wrong with a JSON document, and at which byte.
public struct JSONError: DiagnosedError, Equatable {
  public let byte: Int
  /// The line of that byte, from 1, in JSON lines.
  private var line: Int?
  let expected: String
  let found: String

  init(byte: Int, expected: String, found: String) {
    (self.byte, self.expected, self.found) = (byte, expected, found)
  }

  func naming(line: Int) -> JSONError {
    var error = self
    error.line = line
    return error
  }

  public var isBadInput: Bool { true }
  public var diagnosis: Diagnosis {
    Diagnosis(
      position: (line.map { "line \($0), " } ?? "") + "byte \(byte)", expected: expected, found: found,
      advice: line == nil ? "check that the file is complete JSON" : "check that each line is complete JSON")
  }
}
