import Support

/// An error in moments, or in combining them.
public struct MomentsError: DiagnosedError, Equatable {
  public enum Kind: Sendable, Equatable {
    case overflow, dimensionMismatch, vocabularyMismatch, withinMismatch, decisionsMismatch, badState, outOfMemory
  }

  public let kind: Kind
  public let diagnosis: Diagnosis

  package init(
    _ kind: Kind, file: String? = nil, position: String? = nil, expected: String, found: String, advice: String
  ) {
    self.kind = kind
    diagnosis = Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice)
  }

  public var isBadInput: Bool { kind != .outOfMemory }
}
