import Formats
import Foundation
import Plan
import Storage
import Support

/// Decides for each stage of a pipeline whether its artefact must be made, and keeps the records on which later runs
/// decide.
///
/// Compares sizes and times of files, and reads their content only if they were touched. Runs on its own thread.
package actor FreshnessCheck {
  private let graph: PipelineGraph
  private let plan: RunPlan
  private let reuse: PipelineRun.Reuse
  private let executor = DedicatedExecutor("freshness")
  /// Stamps of each stage's inputs, taken before it runs.
  private var before: [Int: InputStamps] = [:]

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package init(_ graph: PipelineGraph, _ plan: RunPlan, _ reuse: PipelineRun.Reuse) {
    (self.graph, self.plan, self.reuse) = (graph, plan, reuse)
  }

  /// Whether a stage is up to date, after all earlier stages are done; and the printed result of an up-to-date stage,
  /// if any.
  ///
  /// Throws `StreamError` if a file cannot be read.
  func check(_ number: Int) throws -> (freshness: Freshness, result: (table: String, json: JSONValue)?) {
    if reuse.keepsRecords, case .success(let inputs) = try inputs(number) { before[number] = inputs.stamps }
    guard reuse == .unchanged else {
      return (.stale(reuse == .restart ? "--restart was given" : Freshness.notMade), nil)
    }
    if let reason = plan.startReason(number) { return (.stale(reason), nil) }
    guard let artefact = keptOutput(number) else { return (.stale("it is not saved to a file"), nil) }
    guard let record = StageRecord.read(of: artefact) else { return (.stale(Freshness.notMade), nil) }
    switch try inputs(number) {
    case .failure(let reason): return (.stale(reason.text), nil)
    case .success(let inputs):
      let freshness = try inputs.freshness(of: record) { try sum(number) }
      guard freshness == .fresh else { return (freshness, nil) }
      if inputs.wasTouched(since: record) { _ = try keep(number, samplesDigest: record.samplesDigest, record.printed) }
      return (.fresh, try record.printed?.result)
    }
  }

  /// Whether each stage that would run is up to date, in run order, without making anything. A stage after one that
  /// must be made may have to be made too.
  package func forecast() throws -> [Int: Freshness] {
    var found: [Int: Freshness] = [:]
    for number in plan.units.joined() where !graph.stages[number].makesStream {
      let stage = graph.stages[number]
      let remade = stage.needs.first { plan.runs($0) && found[$0] != .fresh }
      if let remade, let artefact = keptOutput(number), StageRecord.read(of: artefact) != nil {
        found[number] = .stale("“\(graph.stages[remade].name)” is made first, and may change")
      } else {
        found[number] = try check(number).freshness
      }
    }
    return found
  }

  /// Writes the record of an artefact just made. Inputs that cannot be read again, such as pipes, give no record.
  /// Neither do inputs that changed since the check; it then returns false.
  func keep(_ number: Int, samplesDigest: String?, _ printed: StageRecord.Printed?) throws -> Bool {
    guard reuse.keepsRecords, let artefact = keptOutput(number), case .success(let inputs) = try inputs(number)
    else { return true }
    let record = try inputs.record(samplesDigest: samplesDigest, printed)
    let stayed = try before[number].map { try inputs.stayed(since: $0, samplesDigest) { try sum(number) } } ?? false
    if let record, stayed {
      try record.write(of: artefact)
    } else {
      Files.remove(StageRecord.path(of: artefact))
    }
    return stayed
  }

  /// The file that a record may lie beside.
  private func keptOutput(_ number: Int) -> String? {
    plan.output(number).flatMap { PipeOutput.isOne($0) ? nil : $0 }
  }

  /// Why a stage cannot be known to be up to date.
  private struct Unknown: Error { let text: String }

  private func inputs(_ number: Int) throws -> Result<StageInputs, Unknown> {
    let stage = graph.stages[number]
    var (fingerprint, stream): ([String: String], [String]) = (stage.kind.fingerprint, [])
    let read = stage.reader.flatMap { graph.stages[$0].reading }
    if let read {
      if let command = read.command {
        return .failure(Unknown(text: "“\(command.value)” runs again, because its output may have changed"))
      }
      fingerprint.merge(read.fingerprint) { own, _ in own }
      stream = try read.inputs()
    }
    for (option, value) in graph.transformFingerprint(of: number) { fingerprint[option] = value }
    if let pipe = zip(stream, InputStamps(stream).inputs).first(where: { $0.1.size == nil })?.0 {
      return .failure(Unknown(text: "\(pipe) is a pipe"))
    }
    var files: [String: [String]] = [:]
    if let read, !read.pairedFiles.isEmpty { files["tokens of the stream"] = read.pairedFiles }
    for (option, sources) in stage.sources where option != "from" {
      var paths: [String] = []
      for source in sources {
        guard let found = graph.files(of: source, plan.output) else {
          return .failure(Unknown(text: "its input “\(graph.maker(of: source)?.name ?? "")” is not saved to a file"))
        }
        paths += found
      }
      files[option] = paths
      if type(of: stage.kind).product == .table {
        let rows = zip(sources, paths).map { source, path in
          graph.maker(of: source).map { "\($0.name) \($0.values)" } ?? path
        }
        fingerprint["rows"] = rows.joined(separator: ", ")
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
        kind: type(of: stage.kind).name, fingerprint: fingerprint, stream: stream,
        samplesSayAll: stage.taking?.readsPredictions != true, files: files,
        outputs: outputs))
  }

  /// Reads a stage's stream again and returns the checksum of its samples.
  private func sum(_ number: Int) throws -> String {
    guard let read = graph.stages[number].reader.flatMap({ graph.stages[$0].reading }) else { return "" }
    let again = EmbeddingReader(inputs: try read.inputs(), options: try read.options())
    while try again.next() != nil { try Task.checkCancellation() }
    return again.finish().samples
  }
}
