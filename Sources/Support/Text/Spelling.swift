/// Suggestions for misspelt names.
public enum Spelling {
  /// The candidate nearest to `word` by edit distance, where one is near enough to be meant: at most two edits, or a
  /// third of its length.
  ///
  /// Nobody means a word of more than a hundred letters, or is helped by one of more than a thousand.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    guard word.utf8.count <= 100 else { return nil }
    let length = word.count
    return candidates.lazy.filter { $0.utf8.count <= 100 }.prefix(1000)
      .filter { abs($0.count - length) <= max(2, $0.count / 3) }
      .map { (name: $0, distance: distance(word.lowercased(), $0.lowercased())) }
      .filter { $0.distance <= max(2, $0.name.count / 3) && $0.distance < $0.name.count }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// Advice to write one of `candidates`: the nearest, else the first of them.
  public static func advice(for word: String, among candidates: [String]) -> String {
    if let nearest = nearest(to: word, among: candidates) { return "did you mean “\(nearest)”?" }
    let more = candidates.count > 50 ? ", …" : ""
    return candidates.isEmpty ? "remove it" : "use one of \(candidates.prefix(50).joined(separator: ", "))\(more)"
  }

  /// After so many mistakes nobody is helped by a suggestion for each, which together take long.
  public static let mostSuggestions = 20

  /// Advice to write one of `candidates`, for one mistake of `mistakes` before it: without looking for the nearest where these
  /// are many.
  public static func advice(
    for word: String, among candidates: @autoclosure () -> [String], after mistakes: Int
  ) -> String {
    mistakes < mostSuggestions ? advice(for: word, among: candidates()) : "check the name, as those before"
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.
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
