import Moments
import Storage
import Support

/// Merges of some states in memory: of all of them, and of all but each one in turn.
///
/// To leave each of a group out, the others outside the group are merged once and set aside in a file; then the group
/// is halved. So g states take about g·log₂ g joins, not g², and no more than log₂ g files at a time. Nothing is ever
/// subtracted.
///
/// - A state that is merged here has the numbers and the checksum of the file that ``StateMerge`` writes.
/// - Any number of threads and any memory give the same bits.
package final class LeaveOneOut {
  private let all: [StateReader]
  /// Those with samples.
  private let states: [StateReader]
  private let plan: MergePlan
  private let workers: WorkerThreads
  private let folder: String
  private let checkpoint: () throws -> Void

  /// - Parameters:
  ///   - states: at least one, which ``StateMerge`` accepts.
  ///   - scratch: the folder for what is set aside, under a temporary name.
  ///   - output: the output that it is for, if there is one.
  ///   - checkpoint: called after each piece; it may throw to stop.
  package init(
    _ states: [StateReader], plan: MergePlan, scratch: String, for output: String?, workers: WorkerThreads,
    checkpoint: @escaping () throws -> Void
  ) throws {
    (self.plan, self.workers, self.checkpoint) = (plan, workers, checkpoint)
    (all, self.states) = (states, states.filter { $0.samples > 0 })
    folder = try TemporaryFile.folder(in: scratch, for: output)
  }

  deinit { Files.remove(folder) }

  /// The merge of all states.
  package func whole() throws -> HeldState { try held(all) }

  /// The merge of the first `count` states with samples.
  package func whole(ofFirst count: Int) throws -> HeldState { try held(Array(states.prefix(count))) }

  /// Calls `body` with the number of each of the first `count` states with samples, in order, and the merge of the
  /// others.
  ///
  /// - Precondition: `count` is at least 2.
  package func forEach(ofFirst count: Int, _ body: (_ left: Int, HeldState) throws -> Void) throws {
    precondition(count > 1)
    try leave(0..<count, outside: [], body)
  }

  /// Leaves each of a range out. `outside` are states that together hold all others.
  private func leave(
    _ range: Range<Int>, outside: [StateReader], _ body: (Int, HeldState) throws -> Void
  ) throws {
    guard range.count > 1 else { return try body(range.lowerBound, held(outside)) }
    let middle = range.lowerBound + MergeTree.split(range.count)
    let halves = [range.lowerBound..<middle, middle..<range.upperBound]
    for (half, other) in zip(halves, halves.reversed()) {
      let others = outside + states[other]
      guard half.count > 1, others.count > 1 else {
        try leave(half, outside: others, body)
        continue
      }
      let file = "\(folder)/without-\(half.lowerBound)-\(half.upperBound).h5"
      _ = try merge(others).write(0..<others.count, to: file, for: file) { _ in try checkpoint() }
      defer { unlink(file) }
      try leave(half, outside: [StateReader(file)], body)
    }
  }

  private func held(_ states: [StateReader]) throws -> HeldState {
    if states.count == 1 { return try HeldState(reading: states[0]) }
    return try merge(states).held(0..<states.count) { _ in try checkpoint() }
  }

  private func merge(_ states: [StateReader]) -> SubtreeMerge {
    SubtreeMerge(states: states, plan: plan, workers: workers, folder: folder)
  }
}
