import Support

/// What the surroundings of a run refuse: memory, priorities. The user's data is not at fault.
public struct RunError: DiagnosedError, Equatable {
  public let diagnosis: Diagnosis
  public var isBadInput: Bool { false }

  package init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }
}
