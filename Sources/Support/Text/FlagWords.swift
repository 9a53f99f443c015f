/// Messages in the words of the place that shows them. Lower modules name options by the command line's flags.
package struct FlagWords: Sendable {
  private let word: @Sendable (_ name: String, _ value: String?) -> String?

  /// - Parameter word: what stands for `--name` or `--name value`; nil if the flag stays as it is.
  package init(_ word: @escaping @Sendable (_ name: String, _ value: String?) -> String?) { self.word = word }

  /// What is quoted, or inside a word, stays as it is.
  package func translate(_ text: String) -> String {
    text.replacing(/“[^”]*”|(^|[\s(])--([a-z][a-z0-9-]*)(?: (-?[a-z0-9][a-z0-9-]*))?/) { match in
      guard let before = match.1, let flag = match.2 else { return String(match.0) }
      return word(String(flag), match.3.map { String($0) }).map { before + $0 } ?? String(match.0)
    }
  }
}
