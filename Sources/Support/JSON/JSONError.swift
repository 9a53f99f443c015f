/// What is wrong with a JSON document, and at which byte.
public struct JSONError: DiagnosedError, Equatable {
  public let byte: Int
  let expected: String
  let found: String

  public var isBadInput: Bool { true }
  public var diagnosis: Diagnosis {
    Diagnosis(
      position: "byte \(byte)", expected: expected, found: found, advice: "check that the file is complete JSON")
  }
}
