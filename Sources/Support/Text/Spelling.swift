/// Suggestions for misspelled names.
package enum Spelling {
  /// The candidate nearest to `word` by edit distance, or nil if none is within two edits or a third of its length.
  ///
  /// Only words of at most 100 bytes and the first 1 000 candidates are compared: beyond that, a suggestion would not
  /// help.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    guard word.utf8.count <= 100 else { return nil }
    let length = word.count
    return candidates.lazy.filter { $0.utf8.count <= 100 }.prefix(1000)
      .filter { abs($0.count - length) <= max(2, $0.count / 3) }
      .map { (name: $0, distance: distance(word.lowercased(), $0.lowercased())) }
      .filter { $0.distance <= max(2, $0.name.count / 3) && $0.distance < $0.name.count }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// Advice to use one of `candidates`: the nearest, or else a list of the first 50.
  package static func advice(for word: String, among candidates: [String]) -> String {
    if let nearest = nearest(to: word, among: candidates) { return "did you mean “\(nearest)”?" }
    let more = candidates.count > 50 ? ", …" : ""
    return candidates.isEmpty ? "remove it" : "use one of \(candidates.prefix(50).joined(separator: ", "))\(more)"
  }

  /// Mistakes that get a suggestion each. More would help nobody and take long to compute.
  package static let mostSuggestions = 20

  /// Advice for a mistake that comes after `mistakes` others. If those are many, the nearest candidate is not searched
  /// for.
  package static func advice(
    for word: String, among candidates: @autoclosure () -> [String], after mistakes: Int
  ) -> String {
    mistakes < mostSuggestions ? advice(for: word, among: candidates()) : "check this name too"
  }

  /// The fewest insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.
  static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first), Array(second))
    var table = (0...a.count).map { i in (0...b.count).map { j in i == 0 ? j : j == 0 ? i : 0 } }
    for i in a.indices {
      for j in b.indices {
        var best = min(table[i][j + 1] + 1, table[i + 1][j] + 1, table[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, table[i - 1][j - 1] + 1) }
        table[i + 1][j + 1] = best
      }
    }
    return table[a.count][b.count]
  }
}
