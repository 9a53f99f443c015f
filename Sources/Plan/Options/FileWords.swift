/// Advice and log lines in the words of a pipeline file: keys, where the command line has flags.
package struct FileWords: Sendable {
  private let options: [String: OptionSpec]

  /// - Parameter flags: options that a command over pipeline files has too, and so stay flags.
  package init(_ registry: KindRegistry, flags: Set<String>) {
    let specs = registry.kinds.flatMap { $0.options }.filter { !flags.contains($0.name) }
    options = Dictionary(specs.map { ($0.name, $0) }) { first, _ in first }
  }

  /// `--within pooled` as `within: pooled`, and `--memory` as `memory`; other flags stay as they are, and so does what is
  /// quoted or inside a word.
  package func translate(_ text: String) -> String {
    text.replacing(/“[^”]*”|(^|[\s(])--([a-z][a-z-]*)(?: ([a-z0-9][a-z0-9-]*))?/) { match in
      guard let before = match.1, let flag = match.2, let option = options[String(flag)] else { return String(match.0) }
      guard let word = match.3 else { return before + option.name }
      guard case .choice(let names) = option.type, names.contains(String(word)) else {
        return "\(before)\(option.name) \(word)"
      }
      return "\(before)\(option.name): \(word)"
    }
  }
}
