import Engine
import Plan
import Study
import Support

/// `study`: what holds across the models of a table.
public struct StudyStage: StageKind, ArtefactStage {
  public static let name = "study"
  public static let summary = "how properties of models go together with their loss: R², permutation tests"
  public static let product = Product.study
  public static let fileExtension: String? = "json"
  public static let options = [
    OptionSpec(
      "tables", "tables with a row a model (CSV or JSON), measurements (JSON), or the stage that collects them",
      .reference(.table), required: true, list: true),
    OptionSpec(
      "metadata", "tables (CSV or JSON) of more columns of the same models, by their names: val_loss, width", .file,
      list: true),
    OptionSpec("against", "the column, or formula, that properties are set against; by default val_loss"),
    OptionSpec(
      "property", "a column or formula to study, as in 'NC1=cdnv_mean'; by default those of Table 1 of the paper",
      list: true),
    OptionSpec("rows", "names of the models to study, with * and ?", list: true),
    OptionSpec("where", "a condition that models must meet, as in 'width >= 256' or seed=3", list: true),
    OptionSpec("name-column", "the column that names models; by default model, name, or the first that holds texts"),
    OptionSpec(
      "by",
      "a column; the models of each of its values are studied by themselves too; as layers,width,epochs, those that have all of these in common",
      list: true),
    OptionSpec(
      "given", "columns or formulas to take out of both for the partial correlation, as in n_params,epochs", list: true),
    OptionSpec("permutations", "shuffles of the permutation test; 10000 by default", .amount()),
    OptionSpec("bootstrap", "resamples of the intervals; 2000 by default", .amount()),
    OptionSpec("seed", "which shuffles and resamples are drawn; 0 by default", .count(atLeast: 0)),
    OptionSpec("holm", "correct p for the number of properties (Holm)", .flag),
    OptionSpec("title", "what the study is called; by default as its stage"),
    OptionSpec("format", "how it is printed: table, csv or latex", .choice(of: StudyFormat.self)),
    OptionSpec("threads", "threads of the test; by default what the job was given", .count()),
    OptionSpec("output", "where to write the study (JSON)", .output),
    OptionSpec("csv", "where to write the findings as CSV", .output),
    OptionSpec("latex", "where to write the findings as rows of a LaTeX table", .output),
  ]

  private let study: StudyOptions
  let metadata: [Located<String>]
  private let format: StudyFormat
  private let isTitled: Bool
  public let output: Located<String>?
  private let csv: Located<String>?
  private let latex: Located<String>?

  /// More draws than anyone waits for.
  private static let mostDraws = 1_000_000_000

  public init(decoding decoder: inout OptionDecoder) {
    var study = StudyOptions()
    if let target = decoder.text("against") { study.target = target }
    study.properties = decoder.list("property").map(\.value)
    study.nameColumn = decoder.text("name-column")
    study.selection = Selection(
      patterns: decoder.list("rows").map(\.value), conditions: decoder.list("where").map(\.value))
    study.groups = decoder.list("by").map(\.value)
    study.given = decoder.list("given").flatMap { Backquotes.list($0.value) }
    study.permutations = decoder.amount("permutations", within: 1...Self.mostDraws) ?? study.permutations
    study.bootstrap = decoder.amount("bootstrap", within: 1...10_000_000) ?? study.bootstrap
    study.seed = decoder.count("seed", atLeast: 0) ?? study.seed
    study.holm = decoder.flag("holm")
    study.threads = decoder.count("threads") ?? Allowance.threads
    study.title = decoder.text("title") ?? study.title
    isTitled = decoder.text("title") != nil
    self.study = study
    metadata = decoder.list("metadata")
    format = decoder.choice("format", StudyFormat.table)
    output = decoder.located("output")
    csv = decoder.located("csv")
    latex = decoder.located("latex")
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

  public var recipe: [String: String] {
    [
      "against": study.target, "property": "\(study.properties)", "name-column": study.nameColumn,
      "rows": "\(study.selection.patterns)", "where": "\(study.selection.conditions)", "by": "\(study.groups)",
      "given": "\(study.given)", "permutations": "\(study.permutations)", "bootstrap": "\(study.bootstrap)",
      "seed": "\(study.seed)", "holm": "\(study.holm)", "title": isTitled ? study.title : nil,
      "format": format.rawValue,
    ].compactMapValues(\.self)
  }

  public var outputs: [Located<String>] { [output, csv, latex].compactMap(\.self) }
  public var inputFiles: [String] { metadata.map(\.value) }

  package static let progressUnit = "files"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    var options = study
    if !isTitled { options.title = run.name }
    return try await Studying(run, format).study(options, metadata: metadata.map(\.value), csv: csv, latex: latex)
  }

  public func check(_ problems: inout [Problem]) {
    problems.append(missing: metadata)
  }
}

extension StudyStage: ForecastingStage {
  package func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast()
    for file in [outlook.output].compactMap(\.self) + outputs.map(\.value) { forecast.sizes[file] = "some KiB" }
    return forecast
  }
}
