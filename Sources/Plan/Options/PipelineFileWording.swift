/// Translates advice and log lines from command-line flags to pipeline keys.
package struct PipelineFileWording: Sendable {
  private let options: [String: OptionSpec]

  /// - Parameter flags: options that commands on pipeline files also have as flags, and that stay as they are.
  package init(_ registry: KindRegistry, flags: Set<String>) {
    let specs = registry.kinds.flatMap { $0.options }.filter { !flags.contains($0.name) }
    options = Dictionary(specs.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Turns `--within pooled` into `within: pooled`, and `--memory` into `memory`. Other flags stay as they are, and so
  /// does text in quotes or inside a word.
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
