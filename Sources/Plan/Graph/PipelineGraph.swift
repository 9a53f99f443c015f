/// A pipeline with all stages decoded and all references resolved: everything needed to run it.
package struct PipelineGraph: Sendable {
  /// The target of a resolved reference.
  package enum Source: Sendable, Equatable {
    /// The stage with this index.
    case stage(Int)
    case file(String)

    /// The file, or the file that stands for the stage's artefact.
    package func file(_ artefact: (Int) -> String?) -> String? {
      switch self {
      case .stage(let number): artefact(number)
      case .file(let file): file
      }
    }
  }

  /// One stage, checked.
  package struct Stage: Sendable {
    package let name: String
    /// The name the user wrote; see ``StageDescription/written``.
    package let written: String
    /// The matrix values of this instance.
    package let values: [MatrixValue]
    package let kind: any StageKind
    /// The shard of a stream that this stage takes, if any.
    package let shard: StageDescription.Shard?
    /// Resolved references, by option, in the order given.
    package internal(set) var sources: [String: [Source]]
    /// Its sections, such as the cluster settings.
    package let sections: [String: any PipelineSection]
    /// Whether the command line gave it, not a pipeline file.
    let isVerb: Bool
    /// The stages its stream comes through, in order: a reader, then any transforms. Empty if it takes no stream, or if
    /// the stream comes from no reader.
    package internal(set) var upstream: [Int] = []

    init(
      _ description: StageDescription, _ kind: any StageKind, _ sources: [String: [Source]],
      _ sections: [String: any PipelineSection]
    ) {
      self.sections = sections
      isVerb = description.kind.place.isOnCommandLine
      name = description.name
      written = description.written
      values = description.values
      shard = description.shard
      (self.kind, self.sources) = (kind, sources)
    }

    /// Indices of the stages this one refers to.
    package var dependencies: [Int] { sources.values.flatMap(Self.numbers) }

    /// The stage that its stream comes from directly.
    var from: Int? { Self.numbers(sources["from"] ?? []).first }

    /// The stage that reads its stream.
    package var reader: Int? { upstream.first }

    /// Whether it requires a stream.
    var needsStream: Bool { type(of: kind).options.contains { $0.name == "from" && $0.isRequired } }

    /// Whether it makes a stream, not an artefact.
    package var makesStream: Bool { type(of: kind).product == .stream }

    /// Whether it makes a stream without taking one.
    package var isReader: Bool { makesStream && !type(of: kind).options.contains { $0.name == "from" } }

    /// Whether it makes a stream from another stream.
    var passesStreamOn: Bool { makesStream && !isReader }

    /// The stages whose finished artefacts this one needs.
    package var needs: [Int] { sources.filter { $0.key != "from" }.values.flatMap(Self.numbers) }

    private static func numbers(_ sources: [Source]) -> [Int] {
      sources.compactMap { if case .stage(let number) = $0 { number } else { nil } }
    }
  }

  package let name: String
  /// The description it was built from, after splitting stages into shards.
  package let description: PipelineDescription
  package let stages: [Stage]
  /// Default sections for every stage, such as the cluster settings.
  package let sections: [String: any PipelineSection]
  /// The folder for outputs that stages do not place themselves, if the pipeline names one.
  package let outputFolder: String?
  /// Groups of stages that run together, each after the groups it depends on. A group is a stream's reader with its
  /// consumers, or a single stage.
  package let units: [[Int]]

  /// Reads and checks a pipeline file. `settings` are `key=value` texts that override its parameters.
  ///
  /// Throws ``PipelineError`` with every problem found, in form or content.
  package init(file: String, settings: [String] = [], in registry: KindRegistry) throws {
    if let frozen = try PlanFile.read(file, settings: settings) {
      try self.init(whole: frozen, in: registry)
      return
    }
    let (description, problems) = try PipelineFile.check(file, settings: settings, in: registry)
    try self.init(description, in: registry, found: problems)
  }

  /// Checks a pipeline as far as it could be read, and splits stages into shards if asked.
  ///
  /// Throws ``PipelineError`` with every problem, including those `found` while reading.
  package init(_ description: PipelineDescription, in registry: KindRegistry, found: [Problem] = []) throws {
    try self.init(whole: description, in: registry, found: found)
    if let sharded = try ShardExpansion.expand(self) { try self.init(whole: sharded, in: registry) }
    var problems: [Problem] = []
    for stage in stages {
      let counts = stage.sources.mapValues { sources in sources.reduce(0) { $0 + fileCount(of: $1) } }
      stage.kind.checkReferences(counts, &problems)
    }
    guard problems.isEmpty else { throw PipelineError(problems.distinct()) }
  }

  /// Checks a pipeline without splitting its stages.
  init(whole description: PipelineDescription, in registry: KindRegistry, found: [Problem] = []) throws {
    let zeros = description.zeroCharacters
    guard zeros.isEmpty else { throw PipelineError(found + zeros) }
    let description = description.expandingHome(in: registry)
    var check = GraphCheck(description, in: registry, found: found)
    let stages = check.stages().followingStreams().takingApart()
    check.transforms(stages)
    check.outputFolder()
    check.outputs(stages.compactMap { $0 })
    check.standardInput(stages.compactMap { $0 })
    check.standardOutput(stages.compactMap { $0 })
    check.sideInputs(stages)
    check.pipes(stages)
    check.purpose(stages)
    check.places(stages.compactMap { $0 })
    units = check.units(stages)
    sections = check.sections([:], at: description.place)
    guard check.problems.isEmpty else { throw PipelineError(check.distinctProblems) }
    name = description.name
    self.description = description
    self.stages = stages.compactMap { $0 }
    outputFolder = description.parameters[PipelineDescription.outputParameter]?.value
  }
}

extension PipelineGraph {
  /// Most stages between a stream's reader and its consumer. Each of them handles every sample.
  static let mostTransforms = 100

  /// The stage that a reference names; nil for a file.
  package func maker(of source: Source) -> Stage? {
    if case .stage(let number) = source { stages[number] } else { nil }
  }

  /// All files of a reference, in order: the file, or those of the stage's artefact. Nil if that has no place.
  ///
  /// - Parameter artefact: the file that stands for a stage's artefact.
  package func files(of source: Source, _ artefact: (Int) -> String?) -> [String]? {
    switch source {
    case .stage(let number): artefact(number).map(stages[number].kind.artefactFiles)
    case .file(let file): [file]
    }
  }

  /// How many files ``files(of:_:)`` gives, wherever they are.
  package func fileCount(of source: Source) -> Int {
    files(of: source) { stages[$0].kind.artefact(named: "") }?.count ?? 0
  }
}

extension [PipelineGraph.Stage?] {
  /// The stages, each with its `upstream` filled in.
  func followingStreams() -> Self {
    map { stage in
      guard var stage, let from = stage.from else { return stage }
      var way = [from]
      while way.count <= PipelineGraph.mostTransforms, let first = self[way[0]], first.passesStreamOn,
        let next = first.from, !way.contains(next)
      {
        way.insert(next, at: 0)
      }
      if self[way[0]]?.isReader == true { stage.upstream = way }
      return stage
    }
  }
}

extension [PipelineGraph.Stage?] {
  /// The stages, with references to merges replaced where their kind takes them apart.
  fileprivate func takingApart() -> Self {
    map { stage in
      guard var stage else { return nil }
      for option in stage.kind.takesApart {
        stage.sources[option] = stage.sources[option]?.flatMap { parts(of: $0, within: []) }
      }
      return stage
    }
  }

  /// What a merge merges, down to what is no merge.
  private func parts(of source: PipelineGraph.Source, within outer: Set<Int>) -> [PipelineGraph.Source] {
    guard case .stage(let number) = source, let maker = self[number], let option = type(of: maker.kind).merges,
      let merged = maker.sources[option], !outer.contains(number)
    else { return [source] }
    return merged.flatMap { parts(of: $0, within: outer.union([number])) }
  }
}
