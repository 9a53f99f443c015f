/// Messages in the words of the place that shows them. Lower modules name options by the command line's flags.
package struct FlagWords: Sendable {
  private let word: @Sendable (_ name: String, _ value: String?) -> String?

  /// - Parameter word: what stands for `--name` or `--name value`; nil if the flag stays as it is.
  package init(_ word: @escaping @Sendable (_ name: String, _ value: String?) -> String?) { self.word = word }

  package func translate(_ text: String) -> String {
    text.replacing(/--([a-z][a-z0-9-]*)(?: ([a-z0-9-]+))?/) { match in
      word(String(match.1), match.2.map(String.init)) ?? String(match.0)
    }
  }
}
