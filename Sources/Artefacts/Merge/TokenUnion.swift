import Geometry

/// The token ids of several states, each once, and the ranges in which to merge them.
struct TokenUnion {
  /// Ascending.
  private(set) var tokens: [Int32] = []

  /// Adds the token ids of a state, which are ascending.
  mutating func add(_ others: [Int32]) {
    var merged: [Int32] = []
    merged.reserveCapacity(max(tokens.count, others.count))
    var (own, other) = (0, 0)
    while own < tokens.count, other < others.count {
      let (a, b) = (tokens[own], others[other])
      merged.append(min(a, b))
      if a <= b { own += 1 }
      if b <= a { other += 1 }
    }
    merged += tokens[own...]
    merged += others[other...]
    tokens = merged
  }

  /// Consecutive ranges of at most `most` classes. Classes whose token ids lie between the same two multiples of `unit`
  /// share a range.
  ///
  /// - Precondition: `most` is at least `unit`, or the number of classes.
  func ranges(ofAtMost most: Int, unit: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for run in Self.units(tokens[...], unit) {
      if let last = ranges.last, run.upperBound - last.lowerBound <= most {
        ranges[ranges.count - 1] = last.lowerBound..<run.upperBound
      } else {
        ranges.append(run)
      }
    }
    return ranges
  }

  /// Groups ascending tokens by the two multiples of `unit` they lie between; returns the range of places of each
  /// group.
  static func units(_ tokens: ArraySlice<Int32>, _ unit: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var first = tokens.startIndex
    for place in tokens.indices where Int(tokens[place]) / unit != Int(tokens[first]) / unit {
      runs.append(first - tokens.startIndex..<place - tokens.startIndex)
      first = place
    }
    if first < tokens.endIndex { runs.append(first - tokens.startIndex..<tokens.count) }
    return runs
  }
}
