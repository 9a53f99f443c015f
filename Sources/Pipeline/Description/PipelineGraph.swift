import Embeddings
import Streams

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
    public let kind: any StageKind
    /// Sources of each reference, by option, in the order given.
    public let sources: [String: [Source]]

    /// Numbers of the stages this one refers to.
    public var dependencies: [Int] { sources.values.flatMap(Self.numbers) }

    /// The stage whose stream this one takes.
    var reader: Int? { Self.numbers(sources["from"] ?? []).first }

    /// The stages whose finished artefacts this one needs.
    var needs: [Int] { sources.filter { $0.key != "from" }.values.flatMap(Self.numbers) }

    private static func numbers(_ sources: [Source]) -> [Int] {
      sources.compactMap { if case .stage(let number) = $0 { number } else { nil } }
    }
  }

  public let name: String
  public let stages: [Stage]
  /// The folder for outputs that stages do not place themselves, where the pipeline names one.
  public let outputFolder: String?
  /// Stages that run together, in an order in which each finds its inputs made: a stream's reader with its consumers, or
  /// a stage alone.
  public let units: [[Int]]

  /// Checks a pipeline. Throws ``PipelineError`` with everything wrong with it.
  public init(_ description: PipelineDescription) throws {
    var check = GraphCheck(description)
    let stages = check.stages()
    check.outputs(stages)
    let units = check.problems.isEmpty ? check.units(stages) : []
    guard check.problems.isEmpty else { throw PipelineError(check.problems) }
    name = description.name
    self.stages = stages
    self.units = units
    outputFolder = description.parameters[PipelineDescription.outputParameter]
  }
}

/// The checks, and what they find.
struct GraphCheck {
  private let description: PipelineDescription
  private(set) var problems: [Problem] = []

  init(_ description: PipelineDescription) { self.description = description }

  private mutating func complain(_ place: Place, _ message: String, advice: String) {
    problems.append(Problem(place, message, advice: advice))
  }

  /// Decodes all stages and resolves their references.
  mutating func stages() -> [PipelineGraph.Stage] {
    description.stages.map { stage in
      guard let kind = StageKinds.named(stage.kind.value) else {
        complain(
          stage.kind.place, "unknown stage kind “\(stage.kind.value)”",
          advice: Spelling.advice(for: stage.kind.value, among: StageKinds.all.map { $0.name }))
        return nil
      }
      var decoder = OptionDecoder(stage, kind.options)
      let decoded = kind.init(decoding: &decoder)
      problems += decoder.problems
      decoded.check(&problems)
      var sources: [String: [PipelineGraph.Source]] = [:]
      for reference in decoded.references {
        sources[reference.option, default: []] += resolve(reference, of: stage)
      }
      return PipelineGraph.Stage(name: stage.name, kind: decoded, sources: sources)
    }.compactMap { $0 }
  }

  private mutating func resolve(_ reference: StageReference, of stage: StageDescription) -> [PipelineGraph.Source] {
    let target = reference.target
    guard let number = description.stages.firstIndex(where: { $0.name == target.value }) else {
      return resolveFile(reference)
    }
    let made = StageKinds.named(description.stages[number].kind.value)?.product
    if let made, made != reference.needs {
      let fitting = description.stages.filter { StageKinds.named($0.kind.value)?.product == reference.needs }
      complain(
        target.place,
        "\(reference.option) of “\(stage.name)” needs \(reference.needs.phrase), but “\(target.value)” makes \(made.phrase)",
        advice: Spelling.advice(for: target.value, among: fitting.map(\.name)))
    }
    return [.stage(number)]
  }

  private mutating func resolveFile(_ reference: StageReference) -> [PipelineGraph.Source] {
    let target = reference.target
    if reference.mayBeFile {
      do {
        return try InputFiles.expand([target.value]).map { .file($0) }
      } catch let error as any DiagnosedError {
        // On the command line a reference is a file; in a pipeline file it is rather a stage misspelt.
        if case .option = target.place {
          problems.append(Problem(target.place, error))
          return []
        }
      } catch {}
    }
    complain(
      target.place, "no stage\(reference.mayBeFile ? " and no file" : "") “\(target.value)”",
      advice: Spelling.advice(for: target.value, among: description.stages.map(\.name)))
    return []
  }

  /// No two outputs are one file, and none is an input, however the names are spelt.
  mutating func outputs(_ stages: [PipelineGraph.Stage]) {
    let inputs = stages.flatMap { stage in stage.inputFiles.map { (FileIdentity($0), stage.name) } }
    var writers: [String: String] = [:]
    for (stage, output) in allOutputs(of: stages) {
      let place = output.place ?? description.stages.first { $0.name == stage }?.kind.place ?? .option("--output")
      let file = FileIdentity(output.file)
      if let other = writers.updateValue(stage, forKey: file.path) {
        complain(
          place, "“\(stage)” would write \(output.file)\(other == stage ? " twice" : ", as “\(other)” does")",
          advice: "give each output a name of its own")
      }
      if let reader = inputs.first(where: { $0.0.isSameFile(as: file) })?.1 {
        complain(
          place, "“\(stage)” would write \(output.file), which \(reader == stage ? "it" : "“\(reader)”") reads",
          advice: reader == stage
            ? "write to another file" : "write to another file, or let “\(reader)” name the stage “\(stage)” instead")
      }
    }
  }

  /// Standard names first, so that of two outputs the later is one that the user wrote, where either is.
  private func allOutputs(of stages: [PipelineGraph.Stage]) -> [(stage: String, output: PipelineGraph.Stage.Output)] {
    let folder = description.parameters[PipelineDescription.outputParameter]
    let all = stages.flatMap { stage in stage.outputs(in: folder).map { (stage: stage.name, output: $0) } }
    return all.filter { $0.output.place == nil } + all.filter { $0.output.place != nil }
  }

  private func place(of number: Int) -> Place { description.stages[number].kind.place }

  /// Groups each stream's reader with its consumers, and orders the groups; complains of stages that wait for each other.
  mutating func units(_ stages: [PipelineGraph.Stage]) -> [[Int]] {
    let order = UnitOrder(readers: stages.map(\.reader), needs: stages.map(\.needs))
    for cycle in order.cycles {
      let names = (cycle + cycle.prefix(1)).map { "“\(stages[$0].name)”" }
      complain(
        place(of: cycle[0]), "a cycle of stages that wait for each other: \(names.joined(separator: " → "))",
        advice: "break the cycle")
    }
    for number in order.rereads {
      complain(
        place(of: number), "“\(stages[number].name)” reads a stream and needs what is made of the same stream",
        advice: "read it a second time: add another read stage of the same files")
    }
    return order.units
  }
}

extension Problem {
  /// What an input's error says, at the place where the user named the input.
  init(_ place: Place, _ error: any DiagnosedError) {
    self.init(place, error.diagnosis.summary, advice: error.diagnosis.advice, isBadInput: error.isBadInput)
  }
}
