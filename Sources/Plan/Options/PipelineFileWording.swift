import Support

/// Translates advice and log lines from command-line flags to pipeline keys.
package struct PipelineFileWording: Sendable {
  private let words: FlagWords

  /// - Parameter flags: options that commands on pipeline files also have as flags, and that stay as they are.
  package init(_ registry: KindRegistry, flags: Set<String>) {
    let specs = registry.kinds.flatMap { $0.options }.filter { !flags.contains($0.name) }
    let options = Dictionary(specs.map { ($0.name, $0) }) { first, _ in first }
    words = FlagWords { name, value in
      guard let option = options[name], let value else { return options[name]?.name }
      guard case .choice(let names) = option.type, names.contains(value) else { return "\(option.name) \(value)" }
      return "\(option.name): \(value)"
    }
  }

  /// Turns `--within pooled` into `within: pooled`, and `--memory` into `memory`. Other flags stay as they are, and so
  /// does text in quotes or inside a word.
  package func translate(_ text: String) -> String { words.translate(text) }
}
