import Formats
import Foundation
import Plan
import Storage
import Support

/// The plan of a run: which units run, and where every artefact goes.
package struct RunPlan: Sendable {
  private let graph: PipelineGraph
  /// Units to run, in order, without the stages that do not run.
  package let units: [[Int]]
  /// Stages whose artefacts other stages need.
  private let needed: Set<Int>
  private let running: Set<Int>
  /// Stages that the user named with `--from`.
  private let named: Set<Int>

  /// - Parameters:
  ///   - start: the stage to start from.
  ///   - only: the stages to run, with those their streams come through; all stages if empty.
  package init(_ graph: PipelineGraph, from start: String? = nil, only: [String] = []) throws {
    self.graph = graph
    needed = Set(graph.stages.flatMap(\.needs))
    let names = only.isEmpty ? [start].compactMap(\.self) : only
    guard !names.isEmpty else {
      (units, running, named) = (graph.units, Set(graph.stages.indices), [])
      return
    }
    let option = only.isEmpty ? "--from" : "--only"
    let numbers = try names.flatMap { try Self.numbers(of: $0, option, in: graph) }
    let wanted =
      only.isEmpty
      ? Self.stages(from: numbers, of: graph) : Set(numbers).union(numbers.flatMap { graph.stages[$0].upstream })
    units = graph.units.map { $0.filter(wanted.contains) }.filter { !$0.isEmpty }
    running = wanted
    named = only.isEmpty ? Set(numbers) : []
    try checkEarlierArtefacts(wanted, option)
  }

  /// The stages with a name; several if a matrix repeats it.
  private static func numbers(of name: String, _ option: String, in graph: PipelineGraph) throws -> [Int] {
    let numbers = graph.stages.indices.filter { graph.stages[$0].name == name || graph.stages[$0].written == name }
    guard numbers.isEmpty else { return numbers }
    throw PipelineError(
      .option(option), "no stage “\(name)”",
      advice: Spelling.advice(for: name, among: Set(graph.stages.map(\.written)).sorted()))
  }

  /// The stages, all that depend on them, and those their streams come through.
  private static func stages(from numbers: [Int], of graph: PipelineGraph) -> Set<Int> {
    var wanted = Set(numbers)
    for unit in graph.units {
      for member in unit where graph.stages[member].dependencies.contains(where: wanted.contains) {
        wanted.insert(member)
      }
    }
    for member in wanted {
      wanted.formUnion(graph.stages[member].upstream)
    }
    return wanted
  }

  private func checkEarlierArtefacts(_ wanted: Set<Int>, _ option: String) throws {
    let needed = Set(wanted.flatMap { graph.stages[$0].dependencies }).subtracting(wanted)
    let problems = needed.sorted().compactMap { number -> Problem? in
      let files = output(number).map(graph.stages[number].kind.artefactFiles) ?? []
      let file = files.first { !Files.exists($0) }
      if !files.isEmpty, file == nil { return nil }
      let name = graph.stages[number].name
      return Problem(
        .option(option), "“\(name)” has not been run: \(file.map { "there is no \($0)" } ?? "it saves no file")",
        advice: file == nil
          ? "give it an output:, or run it too" : "run “\(name)” first, or leave \(option) out")
    }
    guard problems.isEmpty else { throw PipelineError(problems) }
  }

  /// The file that keeps a stage's artefact, or stands for its files: the one the stage names, otherwise one in the
  /// pipeline's output folder. Nil if neither exists.
  package func output(_ number: Int) -> String? { graph.stages[number].output(in: graph.outputFolder) }

  /// The file of an artefact that other stages need, or that stands for its files; in scratch space if it is not kept.
  func artefact(_ number: Int, scratch: String) -> String {
    let stage = graph.stages[number]
    return output(number)
      ?? stage.kind.artefact(named: "\(scratch)/\(stage.name).\(type(of: stage.kind).fileExtension ?? "")")
  }

  /// The file of an artefact; nil if it needs none.
  func place(_ number: Int, scratch: String) -> String? {
    isNeeded(number) ? artefact(number, scratch: scratch) : output(number)
  }

  /// Whether the artefact must be a file: its kind is always read from a file, or another stage refers to it.
  private func isNeeded(_ number: Int) -> Bool {
    type(of: graph.stages[number].kind).product.isKeptInAFile || needed.contains(number)
  }

  /// The files that references name.
  func files(_ sources: [PipelineGraph.Source], scratch: String) -> [String] {
    sources.flatMap { graph.files(of: $0) { artefact($0, scratch: scratch) } ?? [] }
  }

  /// Whether the run makes a file that no output keeps.
  var needsScratch: Bool {
    units.joined().contains { isNeeded($0) && output($0) == nil }
  }

  /// Makes the output folders, and throws early if an output could not be written.
  ///
  /// Throws `ReplacementError` if an output, or the status file, would replace an input or a foreign file.
  package func prepareOutputs(status: String? = nil) throws {
    OutputRules.ofProcess.protect(inputs: inputs)
    if let folder = graph.outputFolder {
      try AtomicFile.makeFolder(folder)
    }
    for stage in units.joined().map({ graph.stages[$0] }) where stage.shard != nil {
      for output in stage.outputs(in: graph.outputFolder) {
        try AtomicFile.makeFolder(AtomicFile.folder(of: output.file))
      }
    }
    for output in outputs { try AtomicFile.check(output) }
    if let status { try OutputRules.ofProcess.check(status: status) }
  }

  /// Makes the scratch folders of shards that are not kept.
  func prepareScratch(_ scratch: String) throws {
    for number in units.joined() where graph.stages[number].shard != nil && output(number) == nil {
      try AtomicFile.makeFolder(AtomicFile.folder(of: artefact(number, scratch: scratch)))
    }
  }

  /// Every file that the run writes.
  var outputs: [String] {
    units.joined().flatMap { graph.stages[$0].outputs(in: graph.outputFolder).map(\.file) }
  }

  /// Every file that the pipeline reads and does not make, with the files that it refers to.
  private var inputs: [String] {
    let beside = graph.stages.indices.flatMap { number in graph.sideInputs(of: number) { output($0) ?? "" } }
    let made = Set(outputs)
    let files = graph.stages.flatMap(\.inputFiles) + beside.map(\.file).filter { !$0.isEmpty && !made.contains($0) }
    return files.distinct().flatMap(Formats.consulted)
  }

  /// The run's status file, if there is an output folder.
  var statusFile: String? { graph.outputFolder.map { $0 + "/" + StatusReport.fileName } }

  /// A meter for each stage, by index. Stages that do not run count nothing.
  var meters: [Meter] {
    graph.stages.map { stage in
      let making = stage.upstream.isEmpty ? stage.making.map { type(of: $0).progressUnit } : nil
      let unit = stage.reading.map { $0.rows == nil ? "B" : "rows" } ?? making ?? "rows"
      return Meter(
        stage: stage.name, kind: type(of: stage.kind).name, unit: unit, goal: 0, isOfReader: stage.isReader)
    }
  }

  /// Whether the stage runs.
  func runs(_ number: Int) -> Bool { running.contains(number) }

  /// Why a stage runs even if it is up to date; nil if there is no such reason.
  func startReason(_ number: Int) -> String? { named.contains(number) ? "--from names it" : nil }

  /// Why a stage runs or does not, for people.
  func reason(_ number: Int, _ freshness: [Int: Freshness]) -> String {
    guard graph.stages[number].makesStream else {
      guard case .stale(let reason) = freshness[number] else { return "not run: up to date" }
      return "will be made: \(reason)"
    }
    let takers = graph.stages.indices.filter {
      runs($0) && !graph.stages[$0].makesStream && graph.stages[$0].upstream.contains(number)
        && freshness[$0] != .fresh
    }
    return takers.isEmpty
      ? "not read: everything made from it is up to date"
      : "taken by " + takers.map { graph.stages[$0].name }.joined(separator: ", ")
  }
}
