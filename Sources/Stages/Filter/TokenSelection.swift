import Formats
import Geometry
import Plan
import Vocabulary

/// Token ids that an option lists: ids, ranges of ids, and files of ids.
struct TokenSelection: Sendable {
  /// Ids and ranges.
  private let ranges: TokenRanges
  let files: [Located<String>]

  init(_ values: [Located<String>]) {
    ranges = TokenRanges(values.compactMap { TokenRanges.parse($0.value) })
    files = values.filter { TokenRanges.parse($0.value) == nil }
  }

  /// All listed ids. Throws ``StreamError`` if a file is not a list of ids.
  func tokens() throws -> TokenRanges {
    try files.reduce(ranges) { $0.union(TokenRanges(try TokenList($1.value).tokens)) }
  }
}

extension TokenSelection: OptionValue {
  static var optionType: OptionType { .file }
  static var isList: Bool { true }

  static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> TokenSelection? {
    TokenSelection([text])
  }

  static func decode(_ texts: [Located<String>], _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> TokenSelection?
  {
    TokenSelection(texts)
  }

  /// Ids and ranges in a normal form.
  var fingerprint: String? {
    let ids = ranges.ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " ")
    return "\(ids), \(files.count) file(s)"
  }
}
