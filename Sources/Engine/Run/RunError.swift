import Support

/// The system refuses something a run needs, such as memory or a priority. The user's data is not at fault.
public struct RunError: DiagnosedError, Equatable {
  public let diagnosis: Diagnosis
  public var isBadInput: Bool { false }

  package init(file: String? = nil, position: String? = nil, expected: String, found: String, advice: String) {
    diagnosis = Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice)
  }
}
