import Foundation
import Support

/// Replaces each stage that asks for shards by readers of parts of the files, one stage per part, and a merge of their
/// results. The merge takes the stage's name. A stage whose artefact is several states is replaced by one that makes
/// them, `moments/parts`, and their merge.
///
/// A shard is named after its first file, as in `moments/train-00`, with the folders that the pattern leaves open. So
/// files added to the corpus later change neither the name of an existing shard nor its result. Shards over the same
/// stream with the same plan share their readers.
struct ShardExpansion {
  private let graph: PipelineGraph
  private var stages: [StageDescription] = []
  private var problems: [Problem] = []
  /// Readers and transforms of shards made so far, with their options.
  private var made: [String: [String: [String]]] = [:]

  /// The pipeline with shards; nil if no stage asks for any. Throws ``PipelineError`` if a stream cannot be split as
  /// asked.
  static func expand(_ graph: PipelineGraph) throws -> PipelineDescription? {
    guard graph.stages.contains(where: { $0.kind.shards != nil || $0.isMergedFromParts }) else { return nil }
    var expansion = ShardExpansion(graph: graph)
    for number in graph.stages.indices { expansion.take(number) }
    guard expansion.problems.isEmpty else { throw PipelineError(expansion.problems) }
    var description = graph.description
    description.stages = expansion.stages
    return description
  }

  private init(graph: PipelineGraph) { self.graph = graph }

  private mutating func take(_ number: Int) {
    let (stage, description) = (graph.stages[number], graph.description.stages[number])
    if stage.makesStream {
      // A stream taken only in shards is not read as a whole.
      let isTaken = graph.stages.contains {
        !$0.makesStream && $0.kind.shards == nil && $0.upstream.contains(number)
      }
      if isTaken { stages.append(description) }
      return
    }
    guard let (kind, option) = type(of: stage.kind).mergedBy, stage.kind.shards != nil || stage.isMergedFromParts else {
      stages.append(description)
      return
    }
    guard let rule = stage.kind.shards else {
      stages.append(makerOfParts(number))
      stages.append(merge(["\(stage.name)/\(StageDescription.Shard.allParts)"], of: number, by: kind, option))
      return
    }
    do {
      let parts = try parts(of: number, rule)
      guard parts.count <= MatrixExpansion.mostStages else {
        throw Problem(
          rule.place, "expected at most \(MatrixExpansion.mostStages) shards, found \(parts.count)",
          advice: "make the shards larger")
      }
      for part in parts { add(part, of: number) }
      stages.append(merge(parts.map { Self.name(stage.name, $0) }, of: number, by: kind, option))
    } catch let problem as Problem {
      problems.append(problem)
    } catch let error as any DiagnosedError {
      problems.append(Problem(rule.place, error))
    } catch {
      problems.append(rule.place, "\(error)", advice: "check the files")
    }
  }

  /// Throws ``Problem`` if the stream cannot be split as asked, and any error from looking at the files.
  private func parts(of number: Int, _ rule: ShardRule) throws -> [ShardPart] {
    let upstream = graph.stages[number].upstream
    for number in upstream { try graph.stages[number].kind.checkSplit(rule, of: graph.description.stages[number]) }
    let reader = upstream.first ?? number
    return try graph.stages[reader].kind.parts(rule, of: graph.description.stages[reader])
  }

  private static func name(_ stage: String, _ part: ShardPart) -> String { "\(stage)/\(part.name)" }

  /// The file of a part: in a folder named after the whole's file, without its extension if it has one.
  private static func file(of part: ShardPart, beside whole: String) -> String {
    let (stem, ending) = ((whole as NSString).deletingPathExtension, (whole as NSString).pathExtension)
    return ending.isEmpty ? "\(whole).shards/\(part.name)" : "\(stem)/\(part.name).\(ending)"
  }

  /// Adds the stage over one part, and the readers and transforms of that part unless they exist.
  private mutating func add(_ part: ShardPart, of number: Int) {
    let stage = graph.stages[number]
    var from: String?
    for upstream in stage.upstream {
      var options = graph.description.stages[upstream].options
      if graph.stages[upstream].isReader {
        options.merge(part.options) { _, new in new }
      } else if let from {
        options["from"] = StageDescription.Option(like: options["from"], [from])
      }
      // Parts of another plan may start with the same file, and file names may clash.
      let told = options.mapValues { $0.values.map(\.value) }
      var name = Self.name(graph.stages[upstream].name, part) + part.suffix
      while let other = made[name], other != told { name += "+" }
      from = name
      if made.updateValue(told, forKey: name) == nil { stages.append(clone(upstream, name, part, options)) }
    }
    var options = graph.description.stages[number].options
    for spec in ShardOptions.options { options[spec.name] = nil }
    if let from { options["from"] = StageDescription.Option(like: options["from"], [from]) }
    if let output = options["output"] {
      options["output"] = StageDescription.Option(
        like: output, [Self.file(of: part, beside: output.values.first?.value ?? "")])
    }
    stages.append(clone(number, Self.name(stage.name, part), part, options))
  }

  /// The stage that makes the states of a stage that is merged from them. Their files lie beside the merged one, and are
  /// named after it.
  private func makerOfParts(_ number: Int) -> StageDescription {
    let (stage, original) = (graph.stages[number], graph.description.stages[number])
    var options = original.options
    if let whole = stage.outputName(in: graph.outputFolder) {
      options["output"] = StageDescription.Option(like: options["output"] ?? options["from"], [whole])
    }
    let name = "\(original.name)/\(StageDescription.Shard.allParts)"
    return StageDescription(
      name: name, written: name, kind: original.kind, options: options, values: original.values,
      shard: .init(stage: original.name, written: original.written, part: StageDescription.Shard.allParts),
      sections: original.sections)
  }

  private func clone(
    _ number: Int, _ name: String, _ part: ShardPart, _ options: [String: StageDescription.Option]
  ) -> StageDescription {
    let original = graph.description.stages[number]
    return StageDescription(
      name: name, written: name, kind: original.kind, options: options, values: original.values,
      shard: .init(stage: original.name, written: original.written, part: part.name), sections: original.sections)
  }

  private func merge(
    _ makers: [String], of number: Int, by kind: any StageKind.Type, _ option: String
  ) -> StageDescription {
    let original = graph.description.stages[number]
    let taken = Set(kind.options.map(\.name))
    var options = original.options.filter { taken.contains($0.key) }
    options[option] = StageDescription.Option(like: original.options["from"], makers)
    return StageDescription(
      name: original.name, written: original.written, kind: Located(kind.name, original.kind.place), options: options,
      values: original.values, sections: original.sections)
  }
}

extension PipelineGraph.Stage {
  /// Whether a merge takes its name. A verb leaves the parts alone.
  var isMergedFromParts: Bool { kind.makesParts && !isVerb }
}
