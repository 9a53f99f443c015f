import Engine
import Plan
import Study
import Support

/// `study`: statistics over the models of a table.
public struct StudyStage: StageKind, ArtefactStage, ForecastingStage {
  public static let name = "study"
  public static let summary = "how properties of models relate to their loss: R² and permutation tests"
  public static let product = Product.study
  public static let fileExtension: String? = "json"
  package static let settings: [Setting<Self>] = [
    .init(
      "tables", "tables with one row per model (CSV or JSON), measurements (JSON), or the stage that collects them",
      refersTo: .table, required: true, list: true,
      verb: .argument("table", "tables (CSV or JSON) or measurements (JSON), or quoted globs")),
    .init(
      \.metadata, "metadata",
      "tables (CSV or JSON) with more columns, such as val_loss, joined by model name", .file),
    .init(\.study.target, "against", "the column or formula to compare properties with; by default val_loss"),
    .init(
      \.study.properties, "property",
      "a column or formula to study, as in 'NC1=cdnv_mean'; by default those of the paper's Table 1"),
    .init(\.study.selection.patterns, "rows", "names of the models to study; * and ? are wildcards"),
    .init(\.study.selection.conditions, "where", "a condition that models must meet, as in 'width >= 256' or seed=3"),
    .init(
      \.study.nameColumn, "name-column",
      "the column that names the models; by default model, name, or the first text column"),
    .init(
      \.study.groups, "by",
      "also study groups of models with equal values in a column, or in several, as in layers,width,epochs"
    ),
    .init(
      \.given, "given", "columns or formulas to control for in the partial correlation, as in n_params,epochs"),
    .init(
      \.study.permutations, "permutations", "shuffles in the permutation test; 10000 by default",
      .amount(atMost: 1_000_000_000)),
    .init(
      \.study.bootstrap, "bootstrap", "bootstrap resamples for the intervals; 2000 by default",
      .amount(atMost: 10_000_000)),
    .init(\.study.seed, "seed", "seed for shuffles and resamples; 0 by default", .count(atLeast: 0)),
    .init(\.study.holm, "holm", "correct p for the number of properties (Holm)"),
    .init(\.title, "title", "title of the study; by default its stage's name"),
    .init(\.format, "format", "how to print it: table, csv or latex", verb: .fileOnly),
    .threads(\.study.threads, "of the test"),
    .init(
      \.output, "output", "where to write the study (JSON)", .output,
      verb: .help("where to write the study (JSON), instead of printing it")),
    .init(\.csv, "csv", "where to write the findings as CSV", .output),
    .init(\.latex, "latex", "where to write the findings as rows of a LaTeX table", .output),
  ]

  private var study = StudyOptions()
  var metadata: [Located<String>] = []
  private var given: [String] = []
  private var title: String?
  var format = StudyFormat.table
  package var output: Located<String>?
  var csv: Located<String>?
  var latex: Located<String>?

  package init() { (study.threads, study.standard) = (ResourceLimits.threads, .ofThePaper) }

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    study.given = given.flatMap(QuotedColumnNames.list)
    checkFormulas(&decoder)
  }

  /// Checks formulas before any table is read.
  private func checkFormulas(_ decoder: inout OptionDecoder) {
    let readers: [(option: String, read: (String) throws -> Void)] = [
      ("against", { _ = try Expression($0) }), ("property", { _ = try Property($0) }),
      ("where", { _ = try Condition($0) }),
      ("given", { for formula in QuotedColumnNames.list($0) { _ = try Expression(formula) } }),
    ]
    for (option, read) in readers {
      for text in decoder.list(option) {
        do {
          try read(text.value)
        } catch let error as any DiagnosedError {
          decoder.addProblem(text.place, error.diagnosis.summary, advice: error.diagnosis.advice)
        } catch {}
      }
    }
  }

  package static let progressUnit = "files"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    var options = study
    options.title = title ?? run.name
    return try await DedicatedExecutor.run("study.\(run.name)") { [options] in try study(options, run) }
  }

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    var forecast = StageForecast()
    for file in [outlook.output].compactMap(\.self) + outputs.map(\.value) { forecast.sizes[file] = "some KiB" }
    return forecast
  }
}
