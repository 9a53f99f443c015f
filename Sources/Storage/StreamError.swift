import Support

/// An error in reading a source or writing an output.
public struct StreamError: DiagnosedError, Equatable {
  public enum Kind: Sendable, Equatable {
    case missing, notAFile, empty, unreadable, unknownFormat
    case truncated, corrupt, windowTooLarge, needsDictionary
    case badHeader, unsupportedType, badShape, badOrder
    case countMismatch, dimensionMismatch, badLabel, nonfinite
    case badReference
    case cannotWrite
    /// The output's file system is full, or the user's quota is used up.
    case noRoom
    /// Another run is writing the output.
    case held
    case outOfMemory
  }

  public let kind: Kind
  public let diagnosis: Diagnosis

  public init(_ kind: Kind, _ diagnosis: Diagnosis) {
    (self.kind, self.diagnosis) = (kind, diagnosis)
  }

  package init(
    _ kind: Kind, file: String? = nil, position: String? = nil, expected: String, found: String, advice: String
  ) {
    self.init(kind, Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice))
  }

  public var isBadInput: Bool { ![.cannotWrite, .noRoom, .held, .outOfMemory].contains(kind) }
}
