/// How the groups of a window are divided into pieces of work.
///
/// A group is the rows of one class, and only one piece folds it. Neighbouring small groups share a piece. A group
/// larger than ``largestGroup`` is divided into parts of that many rows, so that a very frequent class does not leave
/// other workers idle. Parts are folded separately about the same mean, and their sums are added in order. The division
/// depends on the groups alone, so any number of workers gives the same bits.
struct FoldUnits {
  /// The most rows of a group that are folded in one piece.
  static let largestGroup = 1024
  /// Rows that make a piece worth handing to a worker.
  private static let worthwhile = 256

  /// Some rows of one large group.
  struct Part {
    let group: Int
    /// Their range among the rows of the window.
    let rows: Range<Int>
  }

  /// Runs of groups that are folded whole.
  private(set) var runs: [Range<Int>] = []
  /// Parts of large groups, in order.
  private(set) var parts: [Part] = []
  /// Large groups, each with its parts.
  private(set) var large: [(group: Int, parts: Range<Int>)] = []

  /// Divides the groups `chosen`, whose rows start and end at `starts`.
  mutating func cut(_ chosen: Range<Int>, _ starts: [Int]) {
    runs.removeAll(keepingCapacity: true)
    parts.removeAll(keepingCapacity: true)
    large.removeAll(keepingCapacity: true)
    var first = chosen.lowerBound
    for group in chosen {
      let rows = starts[group]..<starts[group + 1]
      if rows.count > Self.largestGroup {
        if first < group { runs.append(first..<group) }
        first = group + 1
        cut(group, rows)
      } else if rows.upperBound - starts[first] >= Self.worthwhile {
        runs.append(first..<group + 1)
        first = group + 1
      }
    }
    if first < chosen.upperBound { runs.append(first..<chosen.upperBound) }
  }

  private mutating func cut(_ group: Int, _ rows: Range<Int>) {
    let first = parts.count
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.largestGroup) {
      parts.append(Part(group: group, rows: start..<min(start + Self.largestGroup, rows.upperBound)))
    }
    large.append((group, first..<parts.count))
  }
}
