import Foundation
import Plan
import Storage
import Support

/// What a run does: which units, and where every artefact goes.
package struct RunPlan: Sendable {
  private let graph: PipelineGraph
  /// Units to run, in order, each without the members that are not.
  package let units: [[Int]]
  /// Stages whose artefacts others need.
  private let needed: Set<Int>
  private let running: Set<Int>
  /// Stages that the user wants to run.
  private let named: Set<Int>

  /// - Parameters:
  ///   - start: a stage to start from.
  ///   - only: stages of which no others are run, but for those that their streams come through; all where it is empty.
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

  /// The stages of a name, of which there are several where a matrix repeats it.
  private static func numbers(of name: String, _ option: String, in graph: PipelineGraph) throws -> [Int] {
    let numbers = graph.stages.indices.filter { graph.stages[$0].name == name || graph.stages[$0].written == name }
    guard numbers.isEmpty else { return numbers }
    throw PipelineError(
      .option(option), "no stage “\(name)”",
      advice: Spelling.advice(for: name, among: Set(graph.stages.map(\.written)).sorted()))
  }

  /// The stages, all that depend on them, and those that their streams come through.
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
      let file = output(number)
      if let file, FileManager.default.fileExists(atPath: file) { return nil }
      let name = graph.stages[number].name
      return Problem(
        .option(option), "“\(name)” has not been run: \(file.map { "there is no \($0)" } ?? "it keeps no file")",
        advice: file == nil
          ? "give it an output:, or run it too" : "run “\(name)” first, or leave \(option) out")
    }
    guard problems.isEmpty else { throw PipelineError(problems) }
  }

  /// The file a stage's artefact is kept in: where the stage says, else in the pipeline's output folder; nil where neither
  /// names one.
  package func output(_ number: Int) -> String? { graph.stages[number].output(in: graph.outputFolder) }

  /// The file of an artefact that other stages need, in scratch space where it is not kept.
  func artefact(_ number: Int, scratch: String) -> String {
    let stage = graph.stages[number]
    return output(number) ?? "\(scratch)/\(stage.name).\(type(of: stage.kind).fileExtension ?? "")"
  }

  /// The file of an artefact, or nil where nothing needs it to be one.
  func place(_ number: Int, scratch: String) -> String? {
    isNeeded(number) ? artefact(number, scratch: scratch) : output(number)
  }

  /// Whether the artefact has to be a file: one that is made for others, or that another stage refers to.
  private func isNeeded(_ number: Int) -> Bool {
    type(of: graph.stages[number].kind).product.isKeptInAFile || needed.contains(number)
  }

  /// The files that references name.
  func files(_ sources: [PipelineGraph.Source], scratch: String) -> [String] {
    sources.compactMap { $0.file { artefact($0, scratch: scratch) } }
  }

  /// Whether a file is made that no output keeps.
  var needsScratch: Bool {
    units.joined().contains { isNeeded($0) && output($0) == nil }
  }

  /// Makes the output folder, and refuses outputs that could not be written in the end.
  package func prepareOutputs() throws {
    if let folder = graph.outputFolder {
      try AtomicFile.makeFolder(folder)
    }
    for stage in units.joined().map({ graph.stages[$0] }) where stage.shard != nil {
      for output in stage.outputs(in: graph.outputFolder) {
        try AtomicFile.makeFolder(AtomicFile.folder(of: output.file))
      }
    }
    for output in outputs { try AtomicFile.check(output) }
  }

  /// Makes the folders in scratch space of shards that are kept nowhere else.
  func prepareScratch(_ scratch: String) throws {
    for number in units.joined() where graph.stages[number].shard != nil && output(number) == nil {
      try AtomicFile.makeFolder(AtomicFile.folder(of: artefact(number, scratch: scratch)))
    }
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
      let making = stage.upstream.isEmpty ? stage.making.map { type(of: $0).progressUnit } : nil
      let unit = stage.reading.map { $0.rows == nil ? "B" : "rows" } ?? making ?? "rows"
      return Meter(
        stage: stage.name, kind: type(of: stage.kind).name, unit: unit, goal: 0, isOfReader: stage.isReader)
    }
  }

  /// Whether the stage is one of those to run.
  func runs(_ number: Int) -> Bool { running.contains(number) }

  /// Why a stage runs whatever is there; nil where nothing says so.
  func startReason(_ number: Int) -> String? { named.contains(number) ? "--from names it" : nil }

  /// Why a stage is run, or that it is not, for people.
  func reason(_ number: Int, _ freshness: [Int: Freshness]) -> String {
    guard graph.stages[number].makesStream else {
      guard case .stale(let reason) = freshness[number] else { return "not run: nothing that makes it has changed" }
      return "to be made: \(reason)"
    }
    let takers = graph.stages.indices.filter {
      runs($0) && !graph.stages[$0].makesStream && graph.stages[$0].upstream.contains(number)
        && freshness[$0] != .fresh
    }
    return takers.isEmpty
      ? "not read: what is made of it is there"
      : "taken by " + takers.map { graph.stages[$0].name }.joined(separator: ", ")
  }
}
