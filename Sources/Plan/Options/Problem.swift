import Support

/// One mistake in a pipeline, with its position.
package struct Problem: Sendable, Hashable, CustomStringConvertible {
  package let place: SourcePosition
  package let message: String
  /// What to do about it.
  package let advice: String
  /// Whether the fault is in an input, such as a missing file, not in what the user wrote.
  package let isBadInput: Bool

  package init(_ place: SourcePosition, _ message: String, advice: String, isBadInput: Bool = false) {
    (self.place, self.message, self.advice, self.isBadInput) = (place, message, advice, isBadInput)
  }

  package var description: String { "\(place): \(message)\n  → \(advice)" }
}

/// All problems of a pipeline, found together.
package struct PipelineError: Error, Equatable, CustomStringConvertible {
  package let problems: [Problem]

  package init(_ problems: [Problem]) { self.problems = problems }

  /// One mistake.
  package init(_ place: SourcePosition, _ message: String, advice: String) {
    problems = [Problem(place, message, advice: advice)]
  }

  /// Most problems listed; nobody reads more.
  private static let most = 100

  package var description: String {
    let more = problems.count > Self.most ? "\nand \(problems.count - Self.most) more problems" : ""
    return problems.prefix(Self.most).map(\.description).joined(separator: "\n") + more
  }

  /// Whether all problems are on the command line (exit 64) and none in a file (exit 65).
  package var isUsage: Bool {
    problems.allSatisfy { if case .option = $0.place { !$0.isBadInput } else { false } }
  }
}

extension Problem {
  /// An input's error, at the place where the user named the input.
  package init(_ place: SourcePosition, _ error: any DiagnosedError) {
    self.init(place, error.diagnosis.summary, advice: error.diagnosis.advice, isBadInput: error.isBadInput)
  }
}

extension Problem: Error {}

extension [Problem] {
  /// Adds a mistake that the user made.
  package mutating func append(_ place: SourcePosition, _ message: String, advice: String) {
    append(Problem(place, message, advice: advice))
  }
}
