/// Replaces command-line flags in messages by the option names of another interface. Lower modules always name flags.
package struct FlagWords: Sendable {
  private let word: @Sendable (_ name: String, _ value: String?) -> String?

  /// - Parameter word: replacement for `--name` or `--name value`; nil to keep the flag.
  package init(_ word: @escaping @Sendable (_ name: String, _ value: String?) -> String?) { self.word = word }

  /// The text with flags replaced, except in quotes and inside words.
  package func translate(_ text: String) -> String {
    text.replacing(/“[^”]*”|(^|[\s(])--([a-z][a-z0-9-]*)(?: (-?[a-z0-9][a-z0-9-]*))?/) { match in
      guard let before = match.1, let flag = match.2 else { return String(match.0) }
      return word(String(flag), match.3.map { String($0) }).map { before + $0 } ?? String(match.0)
    }
  }
}
