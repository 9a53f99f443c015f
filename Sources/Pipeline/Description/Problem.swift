import Embeddings

/// One mistake in a pipeline, and where it is.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
  public let place: Place
  public let message: String
  /// What to do about it.
  public let advice: String
  /// Whether an input is at fault, such as a missing file, rather than what the user wrote.
  public let isBadInput: Bool

  public init(_ place: Place, _ message: String, advice: String, isBadInput: Bool = false) {
    self.place = place
    self.message = message
    self.advice = advice
    self.isBadInput = isBadInput
  }

  public var description: String { "\(place): \(message)\n  → \(advice)" }
}

/// Everything wrong with a pipeline, found in one go.
public struct PipelineError: Error, Equatable, CustomStringConvertible {
  public let problems: [Problem]

  public init(_ problems: [Problem]) { self.problems = problems }

  public var description: String { problems.map(\.description).joined(separator: "\n") }

  /// Whether all of it is on the command line (exit 64), rather than in a file (exit 65).
  public var isUsage: Bool {
    problems.allSatisfy { if case .option = $0.place { !$0.isBadInput } else { false } }
  }
}

extension [Problem] {
  /// So many problems are told with a suggestion: who has more of them has another file in hand.
  static let mostSuggestions = 100

  /// Advice for a name that is none of `candidates`, to be told after these problems: the nearest, as ``Spelling`` has it.
  func spelling(of word: String, among candidates: @autoclosure () -> [String]) -> String {
    count < Self.mostSuggestions ? Spelling.advice(for: word, among: candidates()) : "check the spelling"
  }
}
