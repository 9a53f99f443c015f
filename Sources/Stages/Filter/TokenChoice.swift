import Formats
import Geometry
import Plan

/// Token ids as an option lists them: ids, ranges of them, and files of ids.
struct TokenChoice: Sendable {
  /// Ids and ranges; nil where there is none.
  private let ranges: TokenRanges
  private let files: [Located<String>]

  init(_ values: [Located<String>]) {
    ranges = TokenRanges(values.compactMap { TokenRanges.parse($0.value) })
    files = values.filter { TokenRanges.parse($0.value) == nil }
  }

  var inputFiles: [String] { files.map(\.value) }

  /// Ids and ranges, in one way of writing them.
  var recipe: String { ranges.ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " ") }

  func check(_ problems: inout [Problem]) {
    problems.append(missing: files)
  }

  /// All of them. Throws ``StreamError`` where a file is no list of ids.
  func tokens() throws -> TokenRanges {
    try files.reduce(ranges) { $0.union(TokenRanges(try TokenList($1.value).tokens)) }
  }
}
