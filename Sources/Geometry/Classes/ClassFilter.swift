import Moments

/// Which classes are measured: those that meet every condition.
package struct ClassFilter: Sendable, Equatable {
  /// The fewest samples that a class may have.
  package var minCount: Int
  /// The most samples that a class may have; nil for no limit.
  package var maxCount: Int?
  /// The token ids to choose from; nil for all.
  package var tokens: Set<Int32>?

  package init(minCount: Int = 1, maxCount: Int? = nil, tokens: Set<Int32>? = nil) {
    (self.minCount, self.maxCount, self.tokens) = (minCount, maxCount, tokens)
  }

  /// Whether a class meets every condition.
  package func contains(token: Int32, count: Int) -> Bool {
    count >= minCount && count <= maxCount ?? .max && tokens?.contains(token) ?? true
  }

  /// How many classes of `table` each condition alone leaves, in words.
  func countsByCondition(of table: MomentsTable) -> String {
    guard let smallest = table.counts.min(), let largest = table.counts.max() else { return "no classes" }
    var parts = ["\(table.counts.count { $0 >= minCount }) with at least \(minCount)"]
    if let maxCount { parts.append("\(table.counts.count { $0 <= maxCount }) with at most \(maxCount)") }
    if let tokens {
      parts.append("\(table.tokens.count(where: tokens.contains)) among the \(tokens.count) tokens listed")
    }
    return "\(table.classes) classes of \(smallest) … \(largest) samples: \(parts.joined(separator: ", "))"
  }
}
