/// A set of token ids, stored as ranges. It is small if it consists of whole bands of a vocabulary.
package struct TokenRanges: Sendable, Equatable {
  /// Ascending; no two of them touch.
  package private(set) var ranges: [ClosedRange<Int32>] = []

  /// - Parameter ranges: in any order; they may overlap.
  package init(_ ranges: some Sequence<ClosedRange<Int32>>) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = self.ranges.last, range.lowerBound <= last.upperBound || range.lowerBound - 1 == last.upperBound {
        self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        self.ranges.append(range)
      }
    }
  }

  package init(_ tokens: some Sequence<Int32>) { self.init(tokens.map { $0...$0 }) }

  package func union(_ other: TokenRanges) -> TokenRanges { TokenRanges(ranges + other.ranges) }

  /// Whether the set holds a token id. O(log of the number of ranges).
  package func contains(_ token: Int32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < token { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= token
  }

  /// The ids that text such as `7` or `0-99` stands for; nil for any other text.
  package static func parse(_ text: String) -> ClosedRange<Int32>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { end in
      end.allSatisfy { ("0"..."9").contains($0) } ? Int32(end) : nil
    }
    guard let first = ends.first, let lower = first, ends.count <= 2, let last = ends.last, let upper = last,
      lower <= upper
    else { return nil }
    return lower...upper
  }
}
