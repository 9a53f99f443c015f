import Geometry
import Moments
import Storage
import Support

/// An error of this library: what was expected, what was found, and what to do.
///
/// Every throwing call throws it, except that asynchronous calls throw `CancellationError` if their task is cancelled.
public struct CollapseError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong. Branch on it; the texts may change.
  public enum Kind: Sendable, Equatable {
    /// Counts that do not match, such as n labels without n rows of features.
    case size
    /// A dimension that does not match, or that is not allowed.
    case dimension
    /// A label or prediction that is negative, or not below the vocabulary.
    case label
    /// A feature or weight that is NaN or infinite.
    case nonfinite
    /// A vector whose length is not finite or is outside 1e-75 to 1e75, so that its powers do not fit Float64.
    case outOfRange
    /// A requested type that cannot hold the stored features.
    case elementType
    /// A parameter with an invalid value, or a missing one.
    case parameter
    /// The file does not exist.
    case missingFile
    /// A file that is damaged, truncated, or has an unsupported format or shape.
    case badFile
    /// States, or a state and decisions, that do not match.
    case mismatch
    /// No sample was folded or decided.
    case noSamples
    /// Too few classes or samples to measure, or too many features.
    case unmeasurable
    /// The accumulator or decider has already finished.
    case finished
    /// The task was cancelled during a call that is not asynchronous.
    case cancelled
    /// There is not enough memory.
    case outOfMemory
    /// The file could not be written.
    case cannotWrite
  }

  public let kind: Kind
  /// The parameter, such as `labels`, or the file; nil if neither is at fault.
  public let source: String?
  /// The position in ``source``, such as `row 3` or `labels[1]`.
  public let position: String?
  public let expected: String
  public let found: String
  /// How to fix it.
  public let advice: String

  init(
    _ kind: Kind, _ source: String? = nil, position: String? = nil, expected: String, found: String, advice: String
  ) {
    (self.kind, self.source, self.position) = (kind, source, position)
    (self.expected, self.found, self.advice) = (expected, found, advice)
  }

  /// The whole error in two lines, with the advice last.
  public var description: String {
    Diagnosis(file: source, position: position, expected: expected, found: found, advice: advice).description
  }
}

extension CollapseError {
  /// Converts an error of another module. Its text names this module's parameters instead of command-line flags.
  init(_ error: any DiagnosedError) {
    let diagnosis = error.diagnosis
    let words = Self.words.translate
    self.init(
      Self.kind((error as? RewordedError)?.base ?? error), diagnosis.file, position: diagnosis.position.map(words),
      expected: words(diagnosis.expected), found: words(diagnosis.found), advice: words(diagnosis.advice))
  }

  /// Calls `body` and converts its errors.
  static func wrapping<Result>(_ body: () throws -> Result) throws(CollapseError) -> Result {
    do {
      return try body()
    } catch {
      if let error = translated(error) as? CollapseError { throw error }
      throw CollapseError(
        .cancelled, expected: "a task that is not cancelled", found: "a cancelled one",
        advice: "start again in a new task")
    }
  }

  /// Converts an error to ``CollapseError``, except for `CancellationError`.
  static func translated(_ error: any Error) -> any Error {
    switch error {
    case is CollapseError, is CancellationError: error
    case let error as any DiagnosedError: CollapseError(error)
    default:
      CollapseError(.badFile, expected: "readable data", found: "\(error)", advice: "check the file and its disk")
    }
  }

  /// Command-line flags and the parameters of this module that do the same.
  private static let parameters = [
    "bf16": "bfloat16Bits: true", "end-of-text": "endOfText", "features": "features", "ignore": "ignored",
    "labels": "labels", "memory": "memory", "nonfinite": "nonfinite", "output": "to", "predictions": "predictions",
    "scratch": "scratch", "sequence-length": "sequences: .length", "sequence-lengths": "sequences: .lengths",
    "sequence-offsets": "sequences: .offsets", "threads": "threads", "token-type": "integers", "tokens": "tokens",
  ]

  private static let words = FlagWords { name, value in
    guard let parameter = parameters[name] else { return nil }
    guard let value else { return "`\(parameter)`" }
    // The word after a flag is its value, or the next word of the sentence.
    return switch (name, value) {
    case ("nonfinite", "skip"), ("token-type", "uint16"), ("token-type", "uint32"): "`\(parameter): .\(value)`"
    case ("sequence-length", _) where Int(value) != nil: "`\(parameter)(\(value))`"
    case ("ignore", _) where Int(value) != nil: "`\(parameter): [\(value)]`"
    default: "`\(parameter)` \(value)"
    }
  }

  private static func kind(_ error: any DiagnosedError) -> Kind {
    switch error {
    case let error as StreamError: kind(error.kind)
    case let error as MomentsError: kind(error)
    case let error as GeometryError: kind(error)
    default: error.isBadInput ? .badFile : .outOfMemory
    }
  }

  private static func kind(_ kind: StreamError.Kind) -> Kind {
    switch kind {
    case .missing: .missingFile
    case .empty: .noSamples
    case .countMismatch: .size
    case .dimensionMismatch: .dimension
    case .badLabel: .label
    case .nonfinite: .nonfinite
    case .cannotWrite, .noRoom, .held: .cannotWrite
    case .outOfMemory: .outOfMemory
    default: .badFile
    }
  }

  private static func kind(_ error: MomentsError) -> Kind {
    switch error.kind {
    case .overflow: .outOfRange
    case .dimensionMismatch: .dimension
    case .vocabularyMismatch, .withinMismatch, .secondMomentsMismatch, .decisionsMismatch: .mismatch
    case .badState: error.diagnosis.position == nil ? .noSamples : .badFile
    case .outOfMemory: .outOfMemory
    }
  }

  private static func kind(_ error: GeometryError) -> Kind {
    switch error {
    case .classifierDimension, .outOfDistributionDimension: .dimension
    case .classifierTooShort, .classifierRows, .biasLength: .size
    case .badMoments, .badScatter, .outOfRange, .foreignOutOfRange, .rowTooLong: .outOfRange
    case .noClasses, .noCommonClass, .tooWide, .tooManyBands, .eigensolver, .singularValues: .unmeasurable
    }
  }
}
