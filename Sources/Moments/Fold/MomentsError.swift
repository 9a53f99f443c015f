import Support

/// What can be wrong with moments, or with combining them.
public struct MomentsError: DiagnosedError, Equatable {
  public enum Kind: Sendable, Equatable {
    case overflow, dimensionMismatch, vocabularyMismatch, withinMismatch, decisionsMismatch, badState, outOfMemory
  }

  public let kind: Kind
  public let diagnosis: Diagnosis

  public init(_ kind: Kind, _ diagnosis: Diagnosis) {
    self.kind = kind
    self.diagnosis = diagnosis
  }

  public var isBadInput: Bool { kind != .outOfMemory }
}
