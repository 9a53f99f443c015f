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
    let provenance = Provenance(merging: states[range].map(\.provenance))
    func pass(_ states: [StateReader], checkpoint: (Int) throws -> Void) throws -> StateMerge.Summary {
      try MergePass(states, plan: plan, workers: workers).write(path, for: name, provenance, checkpoint: checkpoint)
    }
    guard range.count > plan.statesPerPass else { return try pass(Array(states[range]), checkpoint: checkpoint) }
    let middle = range.lowerBound + MergeTree.split(range.count)
    let halves = try [range.lowerBound..<middle, middle..<range.upperBound].map { half in
      if half.count == 1 { return states[half.lowerBound] }
      let file = "\(folder)/\(half.lowerBound)-\(half.upperBound).h5"
      _ = try write(half, to: file, for: file, checkpoint: checkpoint)
      return try StateReader(file)
    }
    // Count only halves of one state: larger halves were counted when they were merged.
    let summary = try pass(halves) { _ in try checkpoint(0) }
    try checkpoint(halves.reduce(0) { $0 + ($1.name.hasPrefix(folder + "/") ? 0 : $1.byteCount) })
    for half in halves where half.name.hasPrefix(folder + "/") { unlink(half.name) }
    return summary
  }
}
