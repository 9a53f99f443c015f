import Support

/// What can be wrong with a source, or with writing beside one.
public struct StreamError: DiagnosedError, Equatable {
  public enum Kind: Sendable, Equatable {
    case missing, notAFile, empty, unreadable, unknownFormat
    case truncated, corrupt, windowTooLarge, needsDictionary
    case badHeader, unsupportedType, badShape, badOrder
    case countMismatch, dimensionMismatch, badLabel, nonfinite
    case badReference
    case cannotWrite
    /// No room on the file system that is written to, or none of this user's quota.
    case noRoom
    /// Another run writes it.
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
