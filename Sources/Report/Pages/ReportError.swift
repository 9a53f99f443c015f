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

  init(_ kind: Kind, _ diagnosis: Diagnosis) {
    self.kind = kind
    self.diagnosis = diagnosis
  }

  public var isBadInput: Bool { kind == .badInput }
}
