import Geometry
import Moments
import Storage
import Support

/// Why something could not be done: what was expected, what was found, and what to do.
///
/// Everything in this module that throws throws this error, except for `CancellationError` where a task was cancelled.
public struct CollapseError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of thing is wrong.
  public enum Kind: Sendable, Equatable {
    /// Counts of elements that do not fit each other.
    case size
    /// Features of another dimension.
    case dimension
    /// A label that is negative, or not below the vocabulary.
    case label
    /// A feature or a weight that is NaN or infinite.
    case nonfinite
    /// Numbers too large or too small to be squared in Float64.
    case outOfRange
    /// Features of another type than asked for.
    case elementType
    /// A value that a parameter does not take.
    case parameter
    /// No such file.
    case missingFile
    /// A file that is damaged, cut short, or of a format or shape that cannot be read.
    case badFile
    /// States, or a state and decisions, that do not belong together.
    case mismatch
    /// Nothing was folded or decided.
    case noSamples
    /// Too few classes or samples to measure, or too many features.
    case unmeasurable
    /// The accumulator or decider has finished, or failed before.
    case finished
    /// The task was cancelled. Asynchronous calls throw `CancellationError` instead.
    case cancelled
    /// Not enough memory.
    case outOfMemory
    /// The file could not be written.
    case cannotWrite
  }

  public let kind: Kind
  /// The parameter, as in `labels`, or the file; nil if the error is about neither.
  public let source: String?
  /// Where in it: a row, a byte, a token; in words.
  public let position: String?
  public let expected: String
  public let found: String
  /// What to do about it.
  public let advice: String

  init(
    _ kind: Kind, _ source: String? = nil, position: String? = nil, expected: String, found: String, advice: String
  ) {
    (self.kind, self.source, self.position) = (kind, source, position)
    (self.expected, self.found, self.advice) = (expected, found, advice)
  }

  /// All of it in two lines, the advice last.
  public var description: String {
    Diagnosis(file: source, position: position, expected: expected, found: found, advice: advice).description
  }
}

extension CollapseError {
  /// An error of the modules below, in the words of this module's parameters.
  init(_ error: any DiagnosedError) {
    let diagnosis = error.diagnosis
    let words = Self.words.translate
    self.init(
      Self.kind((error as? RewordedError)?.base ?? error), diagnosis.file, position: diagnosis.position.map(words),
      expected: words(diagnosis.expected), found: words(diagnosis.found), advice: words(diagnosis.advice))
  }

  /// Calls `body`, whose errors become ones of this module.
  static func wrapping<Result>(_ body: () throws -> Result) throws(CollapseError) -> Result {
    do {
      return try body()
    } catch {
      if let error = translated(error) as? CollapseError { throw error }
      throw CollapseError(
        .cancelled, expected: "a task that goes on", found: "a cancelled one", advice: "begin again in another task")
    }
  }

  /// The same error as this module throws it; `CancellationError` stays what it is.
  static func translated(_ error: any Error) -> any Error {
    switch error {
    case is CollapseError, is CancellationError: error
    case let error as any DiagnosedError: CollapseError(error)
    default:
      CollapseError(.badFile, expected: "to be read", found: "\(error)", advice: "check the file and its disk")
    }
  }

  /// The parameters of this module that are flags of the command line.
  private static let parameters = [
    "bf16": "bfloat16Bits: true", "end-of-text": "endOfText", "features": "features", "ignore": "ignored",
    "labels": "labels", "memory": "memory", "nonfinite": "nonfinite", "output": "to", "predictions": "predictions",
    "scratch": "scratch", "sequence-length": "sequences: .length", "sequence-lengths": "sequences: .lengths",
    "sequence-offsets": "sequences: .offsets", "threads": "threads", "token-type": "integers", "tokens": "tokens",
  ]

  private static let words = FlagWords { name, value in
    guard let parameter = parameters[name] else { return nil }
    guard let value else { return "`\(parameter)`" }
    // The word behind a flag is its value, or the next word of the sentence.
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
    case .vocabularyMismatch, .withinMismatch, .decisionsMismatch: .mismatch
    case .badState: error.diagnosis.position == nil ? .noSamples : .badFile
    case .outOfMemory: .outOfMemory
    }
  }

  private static func kind(_ error: GeometryError) -> Kind {
    switch error {
    case .classifierDimension, .foreignDimension: .dimension
    case .classifierTooShort, .classifierRows, .biasLength: .size
    case .badMoments, .badScatter, .outOfRange, .foreignOutOfRange, .rowTooLong: .outOfRange
    case .noClasses, .noRepeatedClass, .tooWide, .tooManyBands, .eigensolver: .unmeasurable
    }
  }
}
