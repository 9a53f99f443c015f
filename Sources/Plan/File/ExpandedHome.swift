import Storage

/// Expands `~` in paths, in one place for the command line and for pipeline files; see ``HomeFolder``.
extension PipelineDescription {
  func expandingHome(in registry: KindRegistry) -> Self {
    var description = self
    description.stages = stages.map { $0.expandingHome(registry.kind($0.kind.value)?.options ?? []) }
    if let folder = parameters[Self.outputParameter] {
      description.parameters[Self.outputParameter] = Located(HomeFolder.expand(folder.value), folder.place)
    }
    return description
  }
}

extension StageDescription {
  /// Expands `~` in the values of options that take paths.
  func expandingHome(_ specs: [OptionSpec]) -> Self {
    var stage = self
    for spec in specs where spec.type.isPath {
      guard let option = options[spec.name] else { continue }
      stage.options[spec.name] = Option(
        option.place, option.values.map { Located(HomeFolder.expand($0.value), $0.place) }, isWhole: option.isWhole)
    }
    return stage
  }
}

extension OptionType {
  /// Whether its values are paths.
  fileprivate var isPath: Bool {
    switch self {
    case .file, .array, .output, .folder, .reference: true
    default: false
    }
  }
}
