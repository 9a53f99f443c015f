/// A pipeline whose every stage is decoded and whose references are resolved: all that execution needs.
public struct PipelineGraph: Sendable {
  /// What a reference turned out to name.
  public enum Source: Sendable, Equatable {
    /// The stage of that number.
    case stage(Int)
    case file(String)
  }

  /// One stage, checked.
  public struct Stage: Sendable {
    public let name: String
    /// The name that the user wrote; see ``StageDescription/written``.
    public let written: String
    /// Which of those that a matrix repeats this one is.
    public let values: [MatrixValue]
    package let kind: any StageKind
    /// Of what stage's stream it takes a part, and which.
    package let shard: StageDescription.Shard?
    /// Sources of each reference, by option, in the order given.
    public let sources: [String: [Source]]
    /// What it asks of a cluster.
    package let sections: [String: any PipelineSection]
    /// The stages that its stream comes through, in order: a reader and perhaps transforms. Empty where it takes none, or
    /// where that comes from no reader.
    public internal(set) var upstream: [Int] = []

    init(
      _ description: StageDescription, _ kind: any StageKind, _ sources: [String: [Source]],
      _ sections: [String: any PipelineSection]
    ) {
      self.sections = sections
      name = description.name
      written = description.written
      values = description.values
      shard = description.shard
      (self.kind, self.sources) = (kind, sources)
    }

    /// Numbers of the stages this one refers to.
    public var dependencies: [Int] { sources.values.flatMap(Self.numbers) }

    /// The stage whose stream this one takes.
    var from: Int? { Self.numbers(sources["from"] ?? []).first }

    /// The stage that reads the stream that this one takes.
    package var reader: Int? { upstream.first }

    /// Whether it can do nothing without a stream.
    var needsStream: Bool { type(of: kind).options.contains { $0.name == "from" && $0.isRequired } }

    /// Whether it makes a stream, which is no artefact.
    package var makesStream: Bool { type(of: kind).product == .stream }

    /// Whether it makes a stream of files, and of no other stream.
    package var isReader: Bool { makesStream && !type(of: kind).options.contains { $0.name == "from" } }

    /// Whether it makes a stream of another.
    var passesStreamOn: Bool { makesStream && !isReader }

    /// The stages whose finished artefacts this one needs.
    package var needs: [Int] { sources.filter { $0.key != "from" }.values.flatMap(Self.numbers) }

    private static func numbers(_ sources: [Source]) -> [Int] {
      sources.compactMap { if case .stage(let number) = $0 { number } else { nil } }
    }
  }

  public let name: String
  /// What it was made of, with shards for stages that are split into some.
  package let description: PipelineDescription
  public let stages: [Stage]
  /// What every job on a cluster asks for, where its stage says nothing else.
  package let sections: [String: any PipelineSection]
  /// The folder for outputs that stages do not place themselves, where the pipeline names one.
  public let outputFolder: String?
  /// Stages that run together, in an order in which each finds its inputs made: a stream's reader with its consumers, or
  /// a stage alone.
  public let units: [[Int]]

  /// Reads and checks a pipeline file; `settings` are `key=value` texts that override its parameters.
  ///
  /// Throws ``PipelineError`` with everything wrong with it, in form and in what its stages say.
  package init(file: String, settings: [String] = [], in registry: KindRegistry) throws {
    if let frozen = try PlanFile.read(file, settings: settings) {
      try self.init(whole: frozen, in: registry)
      return
    }
    let (description, problems) = try PipelineFile.check(file, settings: settings, in: registry)
    try self.init(description, in: registry, found: problems)
  }

  /// Checks what could be read of a pipeline, and splits the stages into shards that ask for it.
  ///
  /// Throws ``PipelineError`` with everything wrong with it, the problems `found` in reading it among them.
  package init(_ description: PipelineDescription, in registry: KindRegistry, found: [Problem] = []) throws {
    try self.init(whole: description, in: registry, found: found)
    if let sharded = try ShardExpansion.expand(self) { try self.init(whole: sharded, in: registry) }
  }

  /// Checks a pipeline, its stages as they are.
  init(whole description: PipelineDescription, in registry: KindRegistry, found: [Problem] = []) throws {
    var check = GraphCheck(description, in: registry, found: found)
    let stages = check.stages().followingStreams()
    check.transforms(stages)
    check.outputFolder()
    check.outputs(stages.compactMap { $0 })
    check.standardInput(stages.compactMap { $0 })
    check.standardOutput(stages.compactMap { $0 })
    check.sideInputs(stages)
    check.purpose(stages)
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
  /// Stages between a stream's reader and what takes it, at most: each handles every sample.
  static let mostTransforms = 100

  /// The stage that a reference names, or nil where it names a file.
  package func maker(of source: Source) -> Stage? {
    if case .stage(let number) = source { stages[number] } else { nil }
  }
}

extension [PipelineGraph.Stage?] {
  /// The same, each with the stages that its stream comes through.
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
