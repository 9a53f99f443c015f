import Foundation
import Moments
import Storage
import Support

/// Merges states in the order given, one range of classes at a time, by a tree of a fixed shape (``MergeTree``).
///
/// - The same states in the same order give the same bytes, for any number of threads and any memory.
/// - Groups of 2ᵏ states that follow one another, the last perhaps of fewer, may be merged apart, and then their results in
///   order: that gives the same bytes as merging all states at once, as a state file holds all that a join takes.
/// - Memory is that of ``MergePlan``, whatever the number of states; files are open one at a time.
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
        "accumulate all shards with the same scatter (within)")
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
      kind, file: state.name, position: "attribute \(attribute)", expected: expected, found: found, advice: advice)
  }

  /// A vocabulary that was given must be that of every state it was given for, and hold every token of the others.
  private func checkVocabularies() throws {
    guard let given = states.first(where: { $0.provenance.vocabularyWasGiven }) else { return }
    let size = given.provenance.vocabulary
    for state in states {
      let other = state.provenance
      guard other.vocabularyWasGiven ? other.vocabulary == size : other.vocabulary <= size else {
        throw MomentsError(
          .vocabularyMismatch, file: state.name, position: "attribute vocabulary",
          expected: "\(size), as in \(given.name)", found: "\(other.vocabulary)",
          advice: "merge states of one tokenizer; give all the same vocabulary")
      }
    }
  }

  /// d, where there is a state.
  public var dimension: Int? { states.first?.dimension }
  public var within: WithinScatter { states.first?.within ?? .none }
  /// Whether means of the result are two doubles.
  public var carriesMeans: Bool { states.contains(where: \.carriesMeans) }
  /// Bytes of all states.
  public var byteCount: Int { states.reduce(0) { $0 + $1.byteCount } }
  /// Classes of the result at most.
  public var mostClasses: Int {
    min(states.reduce(0) { $0 + $1.classes }, states.map(\.provenance.vocabulary).max() ?? 0)
  }

  /// What a result holds.
  public struct Summary: Sendable, Equatable {
    public let classes: Int
    public let samples: Int
  }

  /// How they are merged within `memory` bytes. Throws ``MomentsError`` where that is not enough, with what to do then.
  public func plan(memory: Int, adviceForMore: String = "allow more memory") throws -> MergePlan {
    try MergePlan(
      states: states.count, dimension: dimension ?? 1, classes: mostClasses, carriesMeans: carriesMeans, within: within,
      memory: memory, adviceForMore: adviceForMore)
  }

  /// Merges all states into the file `path`, whole or not at all.
  ///
  /// - Parameters:
  ///   - scratch: where subtrees are set aside that find no room in memory with the others.
  ///   - checkpoint: is called after each piece that was read with the bytes read so far, of those of the states; it may
  ///     throw to stop.
  public func write(
    to path: String, plan: MergePlan, scratch: String, workers: Workers = Workers(1),
    checkpoint: (Int) throws -> Void = { _ in }
  ) throws -> Summary {
    try checkSums()
    var done = 0
    let folder = states.count > plan.statesAtOnce ? try TemporaryFile.folder(in: scratch) : nil
    defer { if let folder { try? FileManager.default.removeItem(atPath: folder) } }
    var summary = Summary(classes: 0, samples: 0)
    try AtomicFile.write(path) { temporary in
      let subtrees = Subtrees(
        states: states, plan: plan, workers: workers, folder: folder ?? "")
      summary = try subtrees.write(0..<states.count, to: temporary, for: path) { bytes in
        done += bytes
        try checkpoint(done)
      }
    }
    return summary
  }

  /// Refuses, before anything is merged, sums that are too large; samples by the name of the state that is one too many.
  private func checkSums() throws {
    var samples = 0
    for state in states {
      samples = try ErrorInFile.naming(state.name) {
        try ArtefactFormat.checkSum([state.samples], from: samples, "samples")
      }
    }
    try ArtefactFormat.checkSum(states.map(\.provenance.skipped), "skipped rows")
    try ArtefactFormat.checkSum(states.map(\.provenance.parts), "parts")
  }
}
