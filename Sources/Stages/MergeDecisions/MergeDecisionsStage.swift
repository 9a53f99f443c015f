import Artefacts
import Engine
import Plan
import Support

/// `merge-decisions`: the decisions on several streams, as if made together.
///
/// Decisions are counts, so the order of the files changes nothing.
package struct MergeDecisionsStage: StageKind, ArtefactStage, ForecastingStage {
  package static let name = "merge-decisions"
  package static let summary = "the decisions on several streams, as if made together"
  package static let product = Product.decisions
  package static let fileExtension: String? = "h5"
  package static let writes = [DecisionsReader.own]
  package static let settings: [Setting<Self>] = [
    .init(
      "decisions", "files of decisions, or stages that make them", refersTo: .decisions, required: true, list: true),
    .memory(\.memory),
    .init(\.output, "output", "the decisions file to write (HDF5)", .output),
  ]

  package static let merges: String? = "decisions"

  package var memory: Int?
  package var output: Located<String>?

  package init() {}

  package static let progressUnit = "B"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    try await DedicatedExecutor.run("merge-decisions.\(run.name)") {
      try Self.merge(run.files["decisions"] ?? [], run, memory: memory)
    }
    return nil
  }

  /// Adds up decisions, one file after another. Checks for cancellation after each file.
  ///
  /// - Parameter memory: bytes the process may have, if an option limits them.
  static func merge(_ files: [String], _ stage: StageRun, memory: Int?) throws {
    var need = MemoryNeed()
    need.add(try DecisionsMerge.memory(of: files), for: "decisions")
    try need.check(memory)
    if let plan = need.plan(memory) { stage.context.log.info("\(stage.name): \(plan)") }
    let sizes = files.map { FileSizes.total([$0]) }
    stage.meter.setGoal(.saturatingSum(sizes))
    var bytes = 0
    let merged = try DecisionsMerge.merge(files) { done in
      bytes &+= sizes[done - 1]
      stage.meter.update(done: bytes)
      try Task.checkCancellation()
    }
    guard let (decisions, provenance, warnings) = merged, let output = stage.output else { return }
    for warning in warnings { stage.context.log.warning("\(stage.name): \(warning)") }
    try decisions.write(to: output, provenance)
    stage.context.log.info(
      "\(stage.name): decisions on \(decisions.totals().samples) samples from \(files.count) files; wrote \(output)")
  }

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    outlook.forecast(size: DecideStage.size, notes: ["\(outlook.references) files"])
  }
}
