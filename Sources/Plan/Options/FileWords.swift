import Support

/// Advice and log lines in the words of a pipeline file: keys, where the command line has flags.
package struct FileWords: Sendable {
  private let words: FlagWords

  /// - Parameter flags: options that a command over pipeline files has too, and so stay flags.
  package init(_ registry: KindRegistry, flags: Set<String>) {
    let specs = registry.kinds.flatMap { $0.options }.filter { !flags.contains($0.name) }
    let options = Dictionary(specs.map { ($0.name, $0) }) { first, _ in first }
    words = FlagWords { name, value in
      guard let option = options[name], let value else { return options[name]?.name }
      guard case .choice(let names) = option.type, names.contains(value) else { return "\(option.name) \(value)" }
      return "\(option.name): \(value)"
    }
  }

  /// `--within pooled` as `within: pooled`, and `--memory` as `memory`; other flags stay as they are, and so does what is
  /// quoted or inside a word.
  package func translate(_ text: String) -> String { words.translate(text) }
}
