import Embeddings
import Streams

/// Merges states in the order given, one run of classes at a time: memory is one state and a run.
public struct StateMerge {
  private let states: [StateReader]

  /// Looks at all states and checks that they belong together; each is opened again when its turn comes.
  ///
  /// Throws ``MomentsError`` for another d, another given V, or a scatter in some of them only.
  public init(_ names: [String]) throws {
    states = try names.map { try StateReader($0) }
    guard let first = states.first else { return }
    for state in states.dropFirst() {
      try Self.check(
        state, .dimensionMismatch, "dimension", "\(first.dimension), as in \(first.name)", "\(state.dimension)",
        "merge states of one model and layer")
      try Self.check(
        state, .withinMismatch, "within", "\(first.within.rawValue), as in \(first.name)", state.within.rawValue,
        "accumulate all shards with the same --within")
    }
    try checkVocabularies()
  }

  private static func check(
    _ state: StateReader, _ kind: MomentsError.Kind, _ attribute: String, _ expected: String, _ found: String,
    _ advice: String
  ) throws {
    let value = expected.prefix { $0 != "," }
    guard value != found else { return }
    throw MomentsError(
      kind,
      Diagnosis(
        file: state.name, position: "attribute \(attribute)", expected: expected, found: found, advice: advice))
  }

  /// A vocabulary that was given must be that of every state it was given for, and hold every token of the others.
  private func checkVocabularies() throws {
    guard let given = states.first(where: { $0.provenance.vocabularyWasGiven }) else { return }
    let size = given.provenance.vocabulary
    for state in states {
      let other = state.provenance
      guard other.vocabularyWasGiven ? other.vocabulary == size : other.vocabulary <= size else {
        throw MomentsError(
          .vocabularyMismatch,
          Diagnosis(
            file: state.name, position: "attribute vocabulary", expected: "\(size), as in \(given.name)",
            found: "\(other.vocabulary)", advice: "merge states of one tokenizer; give all the same --vocabulary"))
      }
    }
  }

  /// d, where there is a state.
  public var dimension: Int? { states.first?.dimension }
  public var within: WithinScatter { states.first?.within ?? .none }

  /// Merges all states into `moments`, which has their dimension and scatter, and returns what made the result.
  ///
  /// `checkpoint` is called after each state with the number merged; it may throw to stop.
  public func merge(into moments: ClassMoments, checkpoint: (Int) throws -> Void) throws -> Provenance {
    let all = states.map(\.provenance)
    let skipped = try StateFormat.checkSum(all.map(\.skipped), "skipped rows")
    let parts = try StateFormat.checkSum(all.map(\.parts), "parts")
    let digest = Checksum()
    for (index, state) in states.enumerated() {
      try ErrorInFile.naming(state.name) {
        try state.read(classes: moments.merge, scatter: moments.mergeScatter)
      }
      digest.update(state.provenance.samplesDigest)
      try checkpoint(index + 1)
    }
    return Provenance(
      madeBy: "merge", vocabulary: all.map(\.vocabulary).max() ?? 0,
      vocabularyWasGiven: all.contains(where: \.vocabularyWasGiven), skipped: skipped,
      features: all.flatMap(\.features).reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
      parts: parts, samplesDigest: digest.value)
  }
}
