import Formats
import Foundation
import Plan
import Support

/// Says of each stage of a pipeline whether its artefact has to be made, and keeps the records by which a later run knows.
///
/// Looks at sizes and times of files, and at their content only where they were touched; on a thread of its own.
package actor FreshnessCheck {
  private let graph: PipelineGraph
  private let plan: RunPlan
  private let reuse: PipelineRun.Reuse
  private let executor = DedicatedExecutor("freshness")
  /// What stages are made of, as it was before they were.
  private var before: [Int: InputStamps] = [:]

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package init(_ graph: PipelineGraph, _ plan: RunPlan, _ reuse: PipelineRun.Reuse) {
    (self.graph, self.plan, self.reuse) = (graph, plan, reuse)
  }

  /// What is known of a stage that need not run.
  struct Kept {
    /// What was printed of it, where anything was.
    let result: (table: String, json: JSONValue)?
  }

  /// How a stage stands, all stages before it having been made.
  ///
  /// Throws `StreamError` where a file cannot be read.
  func check(_ number: Int) throws -> (freshness: Freshness, kept: Kept?) {
    if reuse.keepsRecords, case .success(let inputs) = try inputs(number) { before[number] = inputs.stamps }
    if let reason = reuse.objection ?? plan.startReason(number) { return (.stale(reason), nil) }
    guard let artefact = plan.output(number) else { return (.stale("it is kept nowhere"), nil) }
    guard let record = StageRecord.read(of: artefact) else { return (.stale(Freshness.notMade), nil) }
    switch try inputs(number) {
    case .failure(let reason): return (.stale(reason.text), nil)
    case .success(let inputs):
      let freshness = try inputs.freshness(of: record) { try sum(number) }
      guard freshness == .fresh else { return (freshness, nil) }
      if inputs.wasTouched(since: record) { _ = try keep(number, samplesDigest: record.samplesDigest, record.printed) }
      return (.fresh, Kept(result: try record.printed?.result))
    }
  }

  /// How every stage stands that would run, in the order of a run, without anything being made: what comes after a stage
  /// that is made again may be made again too.
  package func forecast() throws -> [Int: Freshness] {
    var found: [Int: Freshness] = [:]
    for number in plan.units.joined() where !graph.stages[number].makesStream {
      let stage = graph.stages[number]
      let remade = stage.needs.first { plan.runs($0) && found[$0] != .fresh }
      if let remade, let artefact = plan.output(number), StageRecord.read(of: artefact) != nil {
        found[number] = .stale("“\(graph.stages[remade].name)” is made first, and may be another")
      } else {
        found[number] = try check(number).freshness
      }
    }
    return found
  }

  /// Keeps the record of what a stage just made. What cannot be told again, as of a pipe, has none, and neither has what was
  /// made of files that changed since the stage was checked: false then.
  func keep(_ number: Int, samplesDigest: String?, _ printed: StageRecord.Printed?) throws -> Bool {
    guard reuse.keepsRecords, let artefact = plan.output(number), case .success(let inputs) = try inputs(number)
    else { return true }
    let record = try inputs.record(samplesDigest: samplesDigest, printed)
    let stayed = before[number] == inputs.stamps
    if let record, stayed {
      try record.write(of: artefact)
    } else {
      try? FileManager.default.removeItem(atPath: StageRecord.path(of: artefact))
    }
    return stayed
  }

  /// Why a stage cannot be told to be the same.
  private struct Unknown: Error { let text: String }

  private func inputs(_ number: Int) throws -> Result<StageInputs, Unknown> {
    let stage = graph.stages[number]
    var (recipe, stream): ([String: String], [String]) = (stage.kind.recipe, [])
    let read = stage.reader.flatMap { graph.stages[$0].reading }
    if let read {
      if let command = read.command {
        return .failure(Unknown(text: "“\(command.value)” is run again: nobody knows what it would write now"))
      }
      recipe.merge(read.recipe) { own, _ in own }
      stream = try read.inputs()
    }
    for (option, value) in graph.passageRecipe(of: number) { recipe[option] = value }
    if let pipe = zip(stream, InputStamps(stream).inputs).first(where: { $0.1.size == nil })?.0 {
      return .failure(Unknown(text: "\(pipe) is a pipe"))
    }
    var files: [String: [String]] = [:]
    if let read, !read.pairedFiles.isEmpty { files["tokens of the stream"] = read.pairedFiles }
    for (option, sources) in stage.sources where option != "from" {
      var paths: [String] = []
      for source in sources {
        guard let path = path(of: source) else {
          return .failure(Unknown(text: "its input “\(graph.maker(of: source)?.name ?? "")” is kept nowhere"))
        }
        paths.append(path)
      }
      files[option] = paths
      if type(of: stage.kind).product == .table {
        let rows = zip(sources, paths).map { source, path in
          graph.maker(of: source).map { "\($0.name) \($0.values)" } ?? path
        }
        recipe["rows"] = rows.joined(separator: ", ")
      }
    }
    if !stage.kind.inputFiles.isEmpty { files["files"] = stage.kind.inputFiles }
    var outputs = stage.outputs(in: graph.outputFolder).map(\.file)
    outputs += plan.output(number).map(stage.kind.madeBefore) ?? []
    let beside = graph.sideInputs(of: number) { plan.output($0) ?? "" }
    if !beside.isEmpty { files["files beside measures"] = beside.map(\.file) }
    for (place, transform) in stage.upstream.dropFirst().enumerated() {
      let named = graph.stages[transform].kind.inputFiles
      if !named.isEmpty { files["files of step \(place + 1)"] = named }
    }
    return .success(
      StageInputs(
        kind: type(of: stage.kind).name, recipe: recipe, stream: stream,
        samplesSayAll: stage.taking?.readsPredictions != true, files: files,
        outputs: outputs))
  }

  private func path(of source: PipelineGraph.Source) -> String? {
    switch source {
    case .file(let file): file
    case .stage(let number): plan.output(number)
    }
  }

  /// The sum of the samples of a stage's stream, read once more.
  private func sum(_ number: Int) throws -> String {
    guard let read = graph.stages[number].reader.flatMap({ graph.stages[$0].reading }) else { return "" }
    let again = EmbeddingReader(inputs: try read.inputs(), options: try read.options())
    while try again.next() != nil { try Task.checkCancellation() }
    return again.finish().samples
  }
}

extension PipelineRun.Reuse {
  /// Why nothing is taken as it is; nil where it may be.
  fileprivate var objection: String? {
    switch self {
    case .nothing, .nothingAtAll: Freshness.notMade
    case .unchanged: nil
    case .restart: "--restart was given"
    }
  }
}
