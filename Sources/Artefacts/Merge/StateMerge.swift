import Foundation
import Moments
import Storage
import Support

/// Merges states in the order given, one range of classes at a time, along a tree of fixed shape (``MergeTree``).
///
/// - The same states in the same order give the same bytes, for any number of threads and any memory.
/// - Groups of 2ᵏ consecutive states (the last may be smaller) may be merged separately, and then their results in
///   order. That gives the same bytes as merging all at once, because a state file holds everything a join needs.
/// - Memory follows ``MergePlan`` for any number of states; files are open one at a time.
package struct StateMerge {
  /// In order.
  package let states: [StateReader]
  /// Doubts about whether the states belong together.
  package let warnings: [String]

  /// Opens all states and checks that they belong together. Each is opened again when it is merged.
  ///
  /// Throws ``MomentsError`` for another d, another given V, a scatter or a diagonal in only some of them, parts of one
  /// stream that was divided in two ways, or no samples at all.
  package init(_ names: [String]) throws {
    states = try names.map { try StateReader($0, mayBeEmpty: true) }
    warnings =
      StatesOfOneModel.warnings(states) + RepeatedSamples.warnings(states.map { ($0.name, $0.provenance) })
      + PartsOfStreams.warnings(states)
    guard let first = states.first else { return }
    guard states.contains(where: { $0.classes > 0 }) else {
      throw MomentsError(
        .badState, file: first.name, expected: "samples in at least one state", found: "none in all \(states.count)",
        advice: "name all parts of the stream")
    }
    try PartsOfStreams.check(states)
    for state in states.dropFirst() {
      try Self.check(
        state, .dimensionMismatch, "attribute dimension", "\(first.dimension), as in \(first.name)",
        "\(state.dimension)",
        "merge states of one model and layer")
      try Self.check(
        state, .withinMismatch, "attribute within", "\(first.within.rawValue), as in \(first.name)",
        state.within.rawValue,
        "accumulate all shards with the same scatter (within)")
      try Self.check(
        state, .secondMomentsMismatch, "second moments", "\(first.moments.rawValue), as in \(first.name)",
        state.moments.rawValue, "accumulate all shards with the same second moments (moments)")
    }
    try StatesOfOneModel.checkVocabularies(states)
  }

  private static func check(
    _ state: StateReader, _ kind: MomentsError.Kind, _ fact: String, _ expected: String, _ found: String,
    _ advice: String
  ) throws {
    let value = expected.prefix { $0 != "," }
    guard value != found else { return }
    throw MomentsError(
      kind, file: state.name, position: fact, expected: expected, found: found, advice: advice)
  }

  /// d; nil if there are no states.
  package var dimension: Int? { states.first?.dimension }
  package var within: WithinScatter { states.first?.within ?? .none }
  package var moments: SecondMoments { states.first?.moments ?? .trace }
  /// Whether each mean of the result is two doubles.
  package var keepsLowParts: Bool { states.contains(where: \.keepsLowParts) }
  /// Bytes of all states.
  package var byteCount: Int { states.reduce(0) { $0 + $1.byteCount } }
  /// Maximum number of classes in the result.
  package var maximumClasses: Int {
    min(states.reduce(0) { $0 + $1.classes }, states.map(\.provenance.vocabulary).max() ?? 0)
  }

  /// The size of a result.
  package struct Summary: Sendable, Equatable {
    package let classes: Int
    package let samples: Int
  }

  /// The plan to merge them within `memory` bytes. Throws ``MomentsError`` with advice if that is not enough.
  package func plan(memory: Int, adviceToRaiseMemory: String = "allow more memory") throws -> MergePlan {
    try MergePlan(
      states: states.count, dimension: dimension ?? 1, classes: maximumClasses, keepsLowParts: keepsLowParts,
      within: within, moments: moments, memory: memory, adviceToRaiseMemory: adviceToRaiseMemory)
  }

  /// Merges all states into the file `path`, completely or not at all.
  ///
  /// - Parameters:
  ///   - scratch: the folder for subtrees that do not fit in memory.
  ///   - checkpoint: called after each piece with the bytes read so far, out of ``byteCount``; it may throw to stop.
  package func write(
    to path: String, plan: MergePlan, scratch: String, workers: WorkerThreads = WorkerThreads(1),
    checkpoint: (Int) throws -> Void = { _ in }
  ) throws -> Summary {
    try checkSums()
    var done = 0
    let folder = states.count > plan.statesPerPass ? try TemporaryFile.folder(in: scratch, for: path) : nil
    defer { if let folder { Files.remove(folder) } }
    var summary = Summary(classes: 0, samples: 0)
    try AtomicFile.write(path) { temporary in
      let subtrees = SubtreeMerge(
        states: states, plan: plan, workers: workers, folder: folder ?? "")
      summary = try subtrees.write(0..<states.count, to: temporary, for: path) { bytes in
        done += bytes
        try checkpoint(done)
      }
    }
    return summary
  }

  /// Rejects sums that are too large before anything is merged. For samples, the error names the state that exceeds the
  /// limit.
  package func checkSums() throws {
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
