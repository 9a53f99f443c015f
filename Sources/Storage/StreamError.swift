import Support

/// An error in reading a source or writing an output.
package struct StreamError: DiagnosedError, Equatable {
  package enum Kind: Sendable, Equatable {
    case missing, notAFile, empty, unreadable, unknownFormat
    case truncated, corrupt, windowTooLarge, needsDictionary
    case badHeader, unsupportedType, badShape, badOrder
    case countMismatch, dimensionMismatch, badLabel, nonfinite
    case badReference
    /// The stream does not begin with the samples of the run that it should resume.
    case otherSamples
    case cannotWrite
    /// The output's file system is full, or the user's quota is used up.
    case noRoom
    /// Another run is writing the output.
    case held
    case outOfMemory
    /// The system has no more descriptors or the like.
    case shortage
  }

  package let kind: Kind
  package let diagnosis: Diagnosis

  package init(_ kind: Kind, _ diagnosis: Diagnosis) {
    (self.kind, self.diagnosis) = (kind, diagnosis)
  }

  package init(
    _ kind: Kind, file: String? = nil, position: String? = nil, expected: String, found: String, advice: String
  ) {
    self.init(kind, Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice))
  }

  package var isBadInput: Bool { ![.cannotWrite, .noRoom, .held, .outOfMemory, .shortage].contains(kind) }
}
