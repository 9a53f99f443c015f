/// Translates advice from command-line flags to pipeline keys.
package struct PipelineFileWording: Sendable {
  private let options: [String: OptionSpec]

  /// - Parameter flags: options that commands on pipeline files also have as flags, and that stay as they are.
  package init(_ registry: KindRegistry, flags: Set<String>) {
    let specs = registry.kinds.flatMap { $0.options }.filter { !flags.contains($0.name) }
    options = Dictionary(specs.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Turns `--within pooled` into `within: pooled`, and `--memory` into `memory`. Other flags stay as they are.
  package func translate(_ advice: String) -> String {
    advice.replacing(/--([a-z][a-z-]*)(?: ([a-z0-9-]+))?/) { match in
      guard let option = options[String(match.1)] else { return String(match.0) }
      guard let word = match.2 else { return option.name }
      guard case .choice(let names) = option.type, names.contains(String(word)) else { return "\(option.name) \(word)" }
      return "\(option.name): \(word)"
    }
  }
}
