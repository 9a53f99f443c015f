import Support

/// One mistake in a pipeline, with its position.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
  public let place: Place
  public let message: String
  /// What to do about it.
  public let advice: String
  /// Whether the fault is in an input, such as a missing file, not in what the user wrote.
  public let isBadInput: Bool

  public init(_ place: Place, _ message: String, advice: String, isBadInput: Bool = false) {
    (self.place, self.message, self.advice, self.isBadInput) = (place, message, advice, isBadInput)
  }

  public var description: String { "\(place): \(message)\n  → \(advice)" }
}

/// All problems of a pipeline, found together.
public struct PipelineError: Error, Equatable, CustomStringConvertible {
  public let problems: [Problem]

  public init(_ problems: [Problem]) { self.problems = problems }

  /// One mistake.
  package init(_ place: Place, _ message: String, advice: String) {
    problems = [Problem(place, message, advice: advice)]
  }

  /// Most problems listed; nobody reads more.
  private static let most = 100

  public var description: String {
    let more = problems.count > Self.most ? "\nand \(problems.count - Self.most) more problems" : ""
    return problems.prefix(Self.most).map(\.description).joined(separator: "\n") + more
  }

  /// Whether all problems are on the command line (exit 64) and none in a file (exit 65).
  public var isUsage: Bool {
    problems.allSatisfy { if case .option = $0.place { !$0.isBadInput } else { false } }
  }
}

extension Problem {
  /// An input's error, at the place where the user named the input.
  package init(_ place: Place, _ error: any DiagnosedError) {
    self.init(place, error.diagnosis.summary, advice: error.diagnosis.advice, isBadInput: error.isBadInput)
  }
}

extension Problem: Error {}

extension [Problem] {
  /// Adds a mistake that the user made.
  package mutating func append(_ place: Place, _ message: String, advice: String) {
    append(Problem(place, message, advice: advice))
  }
}
