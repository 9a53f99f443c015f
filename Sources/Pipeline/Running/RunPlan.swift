import Foundation
import Streams

/// What a run does: which units, and where every artefact goes.
struct RunPlan: Sendable {
  private let graph: PipelineGraph
  /// Units to run, in order, each without the members that are not.
  let units: [[Int]]

  init(_ graph: PipelineGraph, from start: String?) throws {
    self.graph = graph
    guard let start else {
      units = graph.units
      return
    }
    guard let number = graph.stages.firstIndex(where: { $0.name == start }) else {
      throw PipelineError([
        Problem(
          .option("--from"), "no stage “\(start)”",
          advice: Spelling.advice(for: start, among: graph.stages.map(\.name)))
      ])
    }
    let wanted = Self.stages(from: number, of: graph)
    units = graph.units.map { $0.filter(wanted.contains) }.filter { !$0.isEmpty }
    try checkEarlierArtefacts(wanted)
  }

  /// The stage, all that depend on it, and the readers these need.
  private static func stages(from number: Int, of graph: PipelineGraph) -> Set<Int> {
    var wanted: Set<Int> = [number]
    for unit in graph.units {
      for member in unit where graph.stages[member].dependencies.contains(where: wanted.contains) {
        wanted.insert(member)
      }
    }
    for member in wanted {
      for dependency in graph.stages[member].dependencies where graph.stages[dependency].kind is ReadStage {
        wanted.insert(dependency)
      }
    }
    return wanted
  }

  private func checkEarlierArtefacts(_ wanted: Set<Int>) throws {
    let needed = Set(wanted.flatMap { graph.stages[$0].dependencies }).subtracting(wanted)
    let problems = needed.sorted().compactMap { number -> Problem? in
      let file = output(number)
      if let file, FileManager.default.fileExists(atPath: file) { return nil }
      let name = graph.stages[number].name
      return Problem(
        .option("--from"), "“\(name)” has not been run: \(file.map { "there is no \($0)" } ?? "it keeps no file")",
        advice: file == nil ? "give it an output:, or start from it" : "start from “\(name)”, or leave --from out")
    }
    guard problems.isEmpty else { throw PipelineError(problems) }
  }

  /// The file a stage's artefact is kept in: where the stage says, else in the pipeline's output folder; nil where neither
  /// names one.
  func output(_ number: Int) -> String? { graph.stages[number].output(in: graph.outputFolder) }

  /// The file of a state, in scratch space where it is not kept.
  func artefact(_ number: Int, scratch: String) -> String {
    output(number) ?? "\(scratch)/\(graph.stages[number].name).h5"
  }

  /// The files that references name.
  func files(_ sources: [PipelineGraph.Source], scratch: String) -> [String] {
    sources.map { source in
      switch source {
      case .stage(let number): artefact(number, scratch: scratch)
      case .file(let file): file
      }
    }
  }

  /// Whether a state is made that no output keeps.
  var needsScratch: Bool {
    units.joined().contains { type(of: graph.stages[$0].kind).product == .moments && output($0) == nil }
  }

  /// Makes the output folder, and refuses outputs that could not be written in the end.
  func prepareOutputs() throws {
    if let folder = graph.outputFolder {
      try AtomicFile.makeFolder(folder)
    }
    for output in outputs { try AtomicFile.check(output) }
  }

  /// Every file that is written.
  var outputs: [String] {
    units.joined().flatMap { graph.stages[$0].outputs(in: graph.outputFolder).map(\.file) }
  }

  /// Where the run's status is kept, where it has a folder.
  var statusFile: String? { graph.outputFolder.map { $0 + "/" + StatusReport.fileName } }

  /// What counts each stage's work, by its number; those of a stage that is not run count nothing.
  var meters: [Meter] {
    graph.stages.map { stage in
      let unit =
        switch stage.kind {
        case is ReadStage: "B"
        case let kind as any ArtefactStage: type(of: kind).progressUnit
        default: "rows"
        }
      return Meter(stage: stage.name, kind: type(of: stage.kind).name, unit: unit, goal: 0)
    }
  }

  /// A line a stage: what it is, what it takes, what it writes.
  var description: String {
    units.enumerated().flatMap { index, unit in
      unit.map { number in
        let stage = graph.stages[number]
        let inputs = stage.sources.sorted { $0.key < $1.key }.map { option, sources in
          let names = sources.map { source in
            switch source {
            case .stage(let number): graph.stages[number].name
            case .file(let file): file
            }
          }
          return "\(option) \(names.joined(separator: ", "))"
        }
        let files = (stage.kind as? ReadStage).flatMap { try? $0.inputs() }.map { ["\($0.count) input(s)"] } ?? []
        let output = output(number).map { ["→ \($0)"] } ?? []
        let kind = type(of: stage.kind).name
        return "\(index + 1). \(stage.name) (\(kind)) " + (files + inputs + output).joined(separator: "; ")
      }
    }.joined(separator: "\n")
  }
}
