import Plan

/// How a pipeline has changed since its jobs were submitted.
enum PlanChange: Equatable {
  /// Nothing except positions in its file.
  case none
  /// Files were added to its corpus, which gives this many more shards. Everything else is unchanged.
  case grown(Int)
  case other

  init(from old: PipelineDescription, to new: PipelineDescription) {
    let known = Set(old.stages.map(\.name))
    let added = new.stages.filter { !known.contains($0.name) }
    let names = Set(added.map(\.name))
    let isSame =
      old.name == new.name && old.parameters.mapValues(\.value) == new.parameters.mapValues(\.value)
      && old.sections.mapValues { Self.told($0) } == new.sections.mapValues { Self.told($0) }
      && old.stages.map { StageInstructions($0) }
        == new.stages.filter { known.contains($0.name) }.map { StageInstructions($0, without: names) }
    guard isSame, added.allSatisfy({ $0.shard != nil }) else {
      self = .other
      return
    }
    // Readers of shards are shards too; only stages over them count.
    let made = added.count { $0.options["from"] != nil }
    self = added.isEmpty ? .none : .grown(made)
  }

  private static func told(
    _ options: [String: StageDescription.Option], without names: Set<String> = []
  ) -> [String: [String]] {
    options.mapValues { $0.values.map(\.value).filter { !names.contains($0) } }
  }

  /// Everything that was specified for a stage, without positions.
  private struct StageInstructions: Equatable {
    private let name: String
    private let kind: String
    private let options: [String: [String]]
    private let sections: [String: [String: [String]]]
    private let values: [MatrixValue]
    private let shard: StageDescription.Shard?

    /// - Parameter names: stages to ignore in references.
    init(_ stage: StageDescription, without names: Set<String> = []) {
      name = stage.name
      kind = stage.kind.value
      options = told(stage.options, without: names)
      sections = stage.sections.mapValues { told($0) }
      values = stage.values
      shard = stage.shard
    }
  }
}
