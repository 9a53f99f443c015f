import Support

/// One mistake in a pipeline, and where it is.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
  public let place: Place
  public let message: String
  /// What to do about it.
  public let advice: String
  /// Whether an input is at fault, such as a missing file, rather than what the user wrote.
  public let isBadInput: Bool

  public init(_ place: Place, _ message: String, advice: String, isBadInput: Bool = false) {
    (self.place, self.message, self.advice, self.isBadInput) = (place, message, advice, isBadInput)
  }

  public var description: String { "\(place): \(message)\n  → \(advice)" }
}

/// Everything wrong with a pipeline, found in one go.
public struct PipelineError: Error, Equatable, CustomStringConvertible {
  public let problems: [Problem]

  public init(_ problems: [Problem]) { self.problems = problems }

  /// Problems that are told; more of them nobody reads.
  private static let most = 100

  public var description: String {
    let more = problems.count > Self.most ? "\nand \(problems.count - Self.most) more problems" : ""
    return problems.prefix(Self.most).map(\.description).joined(separator: "\n") + more
  }

  /// Whether all of it is on the command line (exit 64), rather than in a file (exit 65).
  public var isUsage: Bool {
    problems.allSatisfy { if case .option = $0.place { !$0.isBadInput } else { false } }
  }
}

extension Problem {
  /// What an input's error says, at the place where the user named the input.
  package init(_ place: Place, _ error: any DiagnosedError) {
    self.init(place, error.diagnosis.summary, advice: error.diagnosis.advice, isBadInput: error.isBadInput)
  }
}

extension Problem: Error {}

extension [Problem] {
  /// Adds a mistake in what the user wrote.
  package mutating func append(_ place: Place, _ message: String, advice: String) {
    append(Problem(place, message, advice: advice))
  }
}
