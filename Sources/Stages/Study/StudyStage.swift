import Engine
import Plan
import Study
import Support

/// `study`: statistics over the models of a table.
package struct StudyStage: StageKind, ArtefactStage, ForecastingStage {
  package static let name = "study"
  package static let summary = "how properties of models relate to their loss: R² and permutation tests"
  package static let product = Product.study
  package static let fileExtension: String? = "json"
  package static let writes = StudyFiles.own
  package static let settings: [Setting<Self>] = [
    .init(
      "tables",
      "tables with one row per model (CSV, JSON, JSON lines), measurements (JSON), or the stage that collects them",
      refersTo: .table, required: true, list: true,
      verb: .argument("table", "tables (CSV, JSON, JSON lines) or measurements (JSON), or quoted globs")),
    .init(
      \.metadata, "metadata",
      "tables (CSV, JSON, JSON lines) with more columns, such as val_loss, joined by model name", .file),
    .init(
      \.study.target, "against",
      "the column or formula to compare properties with; by default val_loss; a column's name wins over a formula"),
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
      \.study.given, "given", "columns or formulas to control for in the partial correlation, as in n_params,epochs"),
    .init(
      \.study.permutations, "permutations", "shuffles in the permutation test; 10000 by default",
      .amount(atMost: 1_000_000_000)),
    .init(
      \.study.bootstrap, "bootstrap", "bootstrap resamples for the intervals; 2000 by default",
      .amount(atMost: 10_000_000)),
    .init(\.study.seed, "seed", "seed for shuffles and resamples; 0 by default", .count(atLeast: 0)),
    .init(
      \.study.isWeighted, "weighted",
      "weigh models by 1/variance of the property, from its column _standard_error; those without one are left out"),
    .init(\.study.holm, "holm", "correct p for the number of properties (Holm)"),
    .init(\.title, "title", "title of the study; by default its stage's name"),
    .init(\.format, "format", "how to print it: table, csv or latex", verb: .fileOnly),
    .threads(\.study.threads, "of the test"),
    .memory(\.memory),
    .init(
      \.output, "output", "where to write the study (JSON)", .output,
      verb: .help("where to write the study (JSON), instead of printing it")),
    .init(\.csv, "csv", "where to write the findings as CSV", .output),
    .init(\.latex, "latex", "where to write the findings as rows of a LaTeX table", .output),
  ]

  private var study = StudyOptions()
  var metadata: [Located<String>] = []
  private var title: String?
  var format = StudyFormat.table
  package var output: Located<String>?
  package var memory: Int?
  var csv: Located<String>?
  var latex: Located<String>?

  package init() {
    (study.threads, study.standard) = (ResourceLimits.threads, .ofThePaper)
    study.doubling = FeatureScale.doubling
  }

  /// Checks formulas before the study runs. Tables are read only for the names of columns that do not look like formulas.
  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    let files = (decoder.list("tables") + metadata).map(\.value)
    var names: ColumnNames??
    for (option, check) in Self.checks {
      for text in decoder.list(option) {
        do {
          try check(text.value, ColumnNames())
        } catch let error as any DiagnosedError {
          let known = names ?? StudyTables.columnNames(of: files)
          names = known
          if let known, (try? check(text.value, known)) == nil {
            decoder.addProblem(text.place, error.diagnosis.summary, advice: error.diagnosis.advice)
          }
        } catch {}
      }
    }
  }

  /// By option: throws if a text is not what the option takes.
  private static let checks: KeyValuePairs<String, @Sendable (String, ColumnNames) throws -> Void> = [
    "against": { _ = try Expression($0, names: $1) }, "property": { _ = try Property($0, names: $1) },
    "where": { _ = try Condition($0, names: $1) },
    "given": { text, names in for formula in names.list(text) { _ = try Expression(formula, names: names) } },
  ]

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
