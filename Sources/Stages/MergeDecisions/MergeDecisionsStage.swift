import Engine
import Plan

/// `merge-decisions`: the decisions on several streams as if made together.
///
/// Decisions are counts, so the order of the files changes nothing.
public struct MergeDecisionsStage: StageKind, ArtefactStage {
  public static let name = "merge-decisions"
  public static let summary = "the decisions on several streams, as if made together"
  public static let product = Product.decisions
  public static let fileExtension: String? = "h5"
  package static let settings: [Setting<Self>] = [
    .init(
      "decisions", "files of decisions, or stages that make them", refersTo: .decisions, required: true, list: true),
    .init(\.output, "output", "the decisions file to write (HDF5)", .output),
  ]

  package var output: Located<String>?

  package init() {}

  package static let progressUnit = "B"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    try await MergingDecisions(run).run(run.files["decisions"] ?? [])
    return nil
  }
}

extension MergeDecisionsStage: ForecastingStage {
  package func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast(notes: ["\(outlook.references) files"])
    if let output = outlook.output { forecast.sizes[output] = "grows with the classes and the pairs of choices seen" }
    return forecast
  }
}
