import Artefacts
import Geometry
import Moments

/// What is measured: a state, or the merge of its parts.
struct MeasuredState {
  /// All states, in order.
  let all: [StateReader]
  /// Those with samples.
  let parts: [StateReader]
  /// Doubts about whether they belong together.
  let warnings: [String]

  init(_ files: [String]) throws {
    if files.count == 1 {
      (all, warnings) = ([try StateReader(files[0])], [])
    } else {
      let merge = try StateMerge(files)
      try merge.checkSums()
      (all, warnings) = (merge.states, merge.warnings)
    }
    parts = all.filter { $0.samples > 0 }
  }

  /// Its name in messages.
  var name: String {
    let first = all.first?.name ?? ""
    return all.count > 1 ? "\(first) and \(all.count - 1) more" : first
  }

  var dimension: Int { all.first?.dimension ?? 1 }
  var within: WithinScatter { all.first?.within ?? .none }
  var moments: SecondMoments { all.first?.moments ?? .trace }
  var keepsLowParts: Bool { all.contains(where: \.keepsLowParts) }

  /// n_c by token, in the first `count` parts.
  func counts(ofFirst count: Int) throws -> [Int32: Int] {
    try parts.prefix(count).reduce(into: [:]) { counts, part in
      let (tokens, added) = try part.tokensAndCounts()
      for (token, samples) in zip(tokens, added) { counts[token, default: 0] += samples }
    }
  }

  /// How many of the chosen classes each part alone has, given the counts of all.
  func classesAlone(_ counts: [Int32: Int], in filter: ClassFilter) throws -> [Int] {
    try parts.map { part in
      let (tokens, samples) = try part.tokensAndCounts()
      return zip(tokens, samples).count { counts[$0] == $1 && filter.contains(token: $0, count: $1) }
    }
  }
}
