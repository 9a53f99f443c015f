import Support

/// An error in moments, or in combining them.
package struct MomentsError: DiagnosedError, Equatable {
  package enum Kind: Sendable, Equatable {
    case overflow, dimensionMismatch, vocabularyMismatch, withinMismatch, secondMomentsMismatch, decisionsMismatch
    case badState, outOfMemory
  }

  package let kind: Kind
  package let diagnosis: Diagnosis

  package init(
    _ kind: Kind, file: String? = nil, position: String? = nil, expected: String, found: String, advice: String
  ) {
    self.kind = kind
    diagnosis = Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice)
  }

  package var isBadInput: Bool { kind != .outOfMemory }
}
