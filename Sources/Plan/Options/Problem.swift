import Storage
import Support

/// One mistake in a pipeline, with its position.
package struct Problem: Sendable, Hashable, CustomStringConvertible {
  package let place: SourcePosition
  package let message: String
  /// What to do about it; empty if a later problem says it for both.
  package let advice: String
  /// Whether the fault is in an input, such as a missing file, not in what the user wrote.
  package let isBadInput: Bool
  /// Whether the machine has run out of something, so that nothing is known of the input.
  let isShortage: Bool

  package init(
    _ place: SourcePosition, _ message: String, advice: String, isBadInput: Bool = false, isShortage: Bool = false
  ) {
    (self.place, self.message, self.advice, self.isBadInput) = (place, message, advice, isBadInput)
    self.isShortage = isShortage
  }

  package var description: String {
    VisibleText.line("\(place): \(message)") + (advice.isEmpty ? "" : "\n  → " + VisibleText.line(advice))
  }
}

/// All problems of a pipeline, found together.
package struct PipelineError: Error, Equatable, CustomStringConvertible {
  package let problems: [Problem]
  private let shown: Shown

  /// How many problems the description lists.
  package enum Shown: Int, Sendable {
    /// Nobody reads more.
    case first = 100
    case all = 0x7FFF_FFFF
  }

  package init(_ problems: [Problem], shown: Shown = .first) { (self.problems, self.shown) = (problems, shown) }

  /// One mistake.
  package init(_ place: SourcePosition, _ message: String, advice: String) {
    self.init([Problem(place, message, advice: advice)])
  }

  package var description: String {
    let rest = problems.count - shown.rawValue
    return problems.prefix(shown.rawValue).map(\.description).joined(separator: "\n")
      + (rest > 0 ? "\nand \(rest) more problems" : "")
  }

  /// Whether all problems are on the command line (exit 64) and none in a file (exit 65).
  package var isUsage: Bool {
    !isShortage
      && problems.allSatisfy { if case .option = $0.place { !$0.isBadInput } else { false } }
  }

  /// Whether the machine kept an input from being looked at (exit 1).
  package var isShortage: Bool { problems.contains(where: \.isShortage) }
}

extension Problem {
  /// An input's error, at the place where the user named the input.
  package init(_ place: SourcePosition, _ error: any DiagnosedError) {
    self.init(
      place, error.diagnosis.summary, advice: error.diagnosis.advice, isBadInput: error.isBadInput,
      isShortage: (error as? StreamError)?.kind == .shortage)
  }
}

extension Problem: Error {}

extension [Problem] {
  /// Adds a mistake that the user made.
  package mutating func append(_ place: SourcePosition, _ message: String, advice: String) {
    append(Problem(place, message, advice: advice))
  }
}
