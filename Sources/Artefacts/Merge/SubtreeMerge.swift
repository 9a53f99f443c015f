import Foundation
import Moments
import Support

/// Merges subtrees of states. A subtree that is too large for one pass is merged by halves, which are set aside.
struct SubtreeMerge {
  let states: [StateReader]
  let plan: MergePlan
  let workers: WorkerThreads
  let folder: String

  /// Merges a range of states into the file `path`, which the user knows as `name`.
  func write(
    _ range: Range<Int>, to path: String, for name: String, checkpoint: (Int) throws -> Void
  ) throws -> StateMerge.Summary {
    let halves = try halves(of: range, checkpoint)
    let summary = try pass(over: halves).write(path, for: name, provenance(range)) {
      try checkpoint(halves.areCounted ? 0 : $0)
    }
    try halves.finish(checkpoint)
    return summary
  }

  /// Merges a range of states into memory.
  func held(_ range: Range<Int>, checkpoint: (Int) throws -> Void) throws -> HeldState {
    let halves = try halves(of: range, checkpoint)
    let state = try pass(over: halves).held(provenance(range)) { try checkpoint(halves.areCounted ? 0 : $0) }
    try halves.finish(checkpoint)
    return state
  }

  /// What one pass merges: a few states, or two halves of many.
  private struct Halves {
    var states: [StateReader] = []
    /// Files of halves that were merged. Their states were counted then.
    var setAside: [String] = []
    /// Bytes of halves of one state.
    var bytes = 0

    /// Whether the pass counts nothing, because its states are counted otherwise.
    var areCounted: Bool { !setAside.isEmpty }

    func finish(_ checkpoint: (Int) throws -> Void) throws {
      if areCounted { try checkpoint(bytes) }
      for file in setAside { unlink(file) }
    }
  }

  private func halves(of range: Range<Int>, _ checkpoint: (Int) throws -> Void) throws -> Halves {
    guard range.count > plan.statesPerPass else { return Halves(states: Array(states[range])) }
    let middle = range.lowerBound + MergeTree.split(range.count)
    var halves = Halves()
    for half in [range.lowerBound..<middle, middle..<range.upperBound] {
      if half.count == 1 {
        halves.states.append(states[half.lowerBound])
        halves.bytes += states[half.lowerBound].byteCount
      } else {
        let file = "\(folder)/\(half.lowerBound)-\(half.upperBound).h5"
        _ = try write(half, to: file, for: file, checkpoint: checkpoint)
        halves.states.append(try StateReader(file, mayBeEmpty: true))
        halves.setAside.append(file)
      }
    }
    return halves
  }

  private func pass(over halves: Halves) throws -> MergePass {
    try MergePass(halves.states, plan: plan, workers: workers)
  }

  private func provenance(_ range: Range<Int>) -> Provenance { Provenance(merging: states[range].map(\.provenance)) }
}
