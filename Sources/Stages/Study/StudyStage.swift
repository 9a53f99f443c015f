import Engine
import Plan
import Study
import Support

/// `study`: what holds across the models of a table.
public struct StudyStage: StageKind, ArtefactStage, ForecastingStage {
  public static let name = "study"
  public static let summary = "how properties of models go together with their loss: R², permutation tests"
  public static let product = Product.study
  public static let fileExtension: String? = "json"
  package static let settings: [Setting<Self>] = [
    .init(
      "tables", "tables with a row a model (CSV or JSON), measurements (JSON), or the stage that collects them",
      refersTo: .table, required: true, list: true,
      verb: .argument("table", "tables (CSV or JSON) or measurements (JSON), or globs (quoted)")),
    .init(
      \.metadata, "metadata",
      "tables (CSV or JSON) of more columns of the same models, by their names: val_loss, width", .file),
    .init(\.study.target, "against", "the column, or formula, that properties are set against; by default val_loss"),
    .init(
      \.study.properties, "property",
      "a column or formula to study, as in 'NC1=cdnv_mean'; by default those of Table 1 of the paper"),
    .init(\.study.selection.patterns, "rows", "names of the models to study, with * and ?"),
    .init(\.study.selection.conditions, "where", "a condition that models must meet, as in 'width >= 256' or seed=3"),
    .init(
      \.study.nameColumn, "name-column",
      "the column that names models; by default model, name, or the first that holds texts"),
    .init(
      \.study.groups, "by",
      "a column; the models of each of its values are studied by themselves too; as layers,width,epochs, those that have all of these in common"
    ),
    .init(
      \.given, "given", "columns or formulas to take out of both for the partial correlation, as in n_params,epochs"),
    .init(
      \.study.permutations, "permutations", "shuffles of the permutation test; 10000 by default",
      .amount(atMost: 1_000_000_000)),
    .init(\.study.bootstrap, "bootstrap", "resamples of the intervals; 2000 by default", .amount(atMost: 10_000_000)),
    .init(\.study.seed, "seed", "which shuffles and resamples are drawn; 0 by default", .count(atLeast: 0)),
    .init(\.study.holm, "holm", "correct p for the number of properties (Holm)"),
    .init(\.title, "title", "what the study is called; by default as its stage"),
    .init(\.format, "format", "how it is printed: table, csv or latex", verb: .fileOnly),
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

  package init() { (study.threads, study.standard) = (Allowance.threads, .ofThePaper) }

  package mutating func settle(_ decoder: inout OptionDecoder) {
    study.given = given.flatMap(Backquotes.list)
    checkFormulas(&decoder)
  }

  /// Formulas are wrong before any table is read.
  private func checkFormulas(_ decoder: inout OptionDecoder) {
    let readers: [(option: String, read: (String) throws -> Void)] = [
      ("against", { _ = try Expression($0) }), ("property", { _ = try Property($0) }),
      ("where", { _ = try Condition($0) }),
      ("given", { for formula in Backquotes.list($0) { _ = try Expression(formula) } }),
    ]
    for (option, read) in readers {
      for text in decoder.list(option) {
        do {
          try read(text.value)
        } catch let error as any DiagnosedError {
          decoder.complain(text.place, error.diagnosis.summary, advice: error.diagnosis.advice)
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

  package func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast()
    for file in [outlook.output].compactMap(\.self) + outputs.map(\.value) { forecast.sizes[file] = "some KiB" }
    return forecast
  }
}
