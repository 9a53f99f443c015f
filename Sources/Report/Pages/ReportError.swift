import Support

/// What can keep a report from being made.
public struct ReportError: DiagnosedError, Equatable {
  public enum Kind: Sendable, Equatable {
    /// An input is not what its name or option says.
    case badInput
    /// There is no gnuplot.
    case noGnuplot
    /// gnuplot did not draw.
    case gnuplotFailed
  }

  public let kind: Kind
  public let diagnosis: Diagnosis

  init(
    _ kind: Kind = .badInput, file: String? = nil, position: String? = nil, expected: String, found: String,
    advice: String
  ) {
    self.kind = kind
    diagnosis = Diagnosis(file: file, position: position, expected: expected, found: found, advice: advice)
  }

  public var isBadInput: Bool { kind == .badInput }
}
