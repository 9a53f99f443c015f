import Engine
import Plan
import Report
import Storage
import Support

/// `report`: measurements, a study or a comparison as one HTML file, with its figures as files beside it.
///
/// The class table and the histograms of a `measure` or `compare` stage are read from where that stage put them, unless the report
/// names its own files.
package struct ReportStage: StageKind, ArtefactStage, ForecastingStage {
  package static let name = "report"
  package static let summary =
    "measurements, a study or a comparison as one HTML file, with figures as SVG and their data as CSV"
  package static let product = Product.report
  package static let fileExtension: String? = "html"
  package static let writes = Report.own
  package static let settings: [Setting<Self>] = [
    .init(
      "measures", "files of measurements (JSON), or stages that make them", refersTo: .measures, list: true,
      verb: .argument("measures", "files that measure wrote, or one file that study or compare wrote", required: true)),
    .init(
      "study", "a study file (JSON), or the stage that makes it, instead of measures", refersTo: .study,
      verb: .fileOnly),
    .init(
      "comparison", "a comparison file (JSON), or the stage that makes it, instead of measures", refersTo: .comparison,
      verb: .fileOnly),
    .init(
      \.classes, "classes",
      "the table of token classes that measure or compare wrote (CSV or HDF5); by default that of the stage", .file,
      verb: .help("the table of token classes that measure or compare wrote (CSV or HDF5)")),
    .init(
      \.histograms, "histograms", "the histograms that measure wrote (CSV); by default those of the measure stage",
      .file, verb: .help("the histograms that measure wrote (CSV)")),
    .init(
      \.eigenvalues, "eigenvalues",
      "the eigenvalues that measure wrote (CSV); by default those of the measure stage",
      .file, verb: .help("the eigenvalues that measure wrote (CSV)")),
    .init(
      "timeline", "the timeline that accumulate wrote with measure-every (CSV), or the stage", refersTo: .moments,
      verb: .help("the timeline that accumulate wrote with --measure-every (CSV)")),
    .init(
      \.tokens, "tokens", "the model's tokenizer.json, or its folder, for a class table without token texts", .file),
    .init(\.title, "title", "title of the report; by default from the file's name"),
    .init(
      \.figures, "figures", "folder for the figures; by default report_files beside report.html", .folder,
      changesResult: true),
    .memory(\.memory),
    .init(\.output, "output", "where to write the report (HTML)", .output, verb: .required),
  ]

  var classes: Located<String>?
  var histograms: Located<String>?
  var eigenvalues: Located<String>?
  var tokens: Located<String>?
  var title: String?
  var figures: Located<String>?
  package var memory: Int?
  package var output: Located<String>?
  private var place = SourcePosition.option(Self.name)

  package init() {}

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    tokens = tokens?.asTokenizerFile
    place = decoder.stage.kind.place
    if Self.subjects.count(where: { decoder.located($0) != nil }) != 1 {
      decoder.addProblem(
        place, "stage “\(decoder.stage.written)” needs one of measures, study and comparison",
        advice: "add measures: a measure stage, study: a study stage, or comparison: a compare stage")
    }
  }

  /// The options that say what it is a report of.
  private static let subjects = ["measures", "study", "comparison"]

  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    guard let artefact else { return problems.append(.noOutput(Self.name, place)) }
    if figures == nil, PipeOutput.isOne(artefact) {
      problems.append(
        output?.place ?? place, "no folder for figures can lie beside \(artefact), a pipe or device",
        advice: "name one with \(place.example("figures", "FOLDER"))")
    }
  }

  package static let sideInputs = [
    SideInput("classes", of: "measures"), SideInput("classes", of: "comparison"),
    SideInput("histograms", of: "measures"), SideInput("eigenvalues", of: "measures"),
    SideInput("timeline", of: "timeline", beside: Timeline.file(of:)),
  ]

  package static let progressUnit = "files"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    guard let output = run.output else { return nil }
    let folder = folder(beside: output)
    let made = try AtomicFile.makeFolder(folder)
    defer {
      // Without figures, the folder is empty; a killed run may have made it.
      for folder in made.reversed() { rmdir(folder) }
      if figures == nil { rmdir(folder) }
    }
    let locks = try await OutputLocks.take(figuresIn: folder, run: run.name, log: run.context.log)
    try await locks.holding { try await write(run, output, figuresIn: folder) }
    return nil
  }

  /// Writes the page, and the figures in a folder that is locked. Checks for cancellation between figures.
  private func write(_ run: StageRun, _ output: String, figuresIn folder: String) async throws {
    let inputs = ReportInputs(
      measures: Self.subjects.flatMap { run.files[$0] ?? [] },
      classes: classes?.value ?? run.sideInputs["classes"],
      histograms: histograms?.value ?? run.sideInputs["histograms"],
      eigenvalues: eigenvalues?.value ?? run.sideInputs["eigenvalues"], timeline: run.sideInputs["timeline"],
      tokenizer: tokens?.value, title: title)
    let need = inputs.memoryNeed
    try need.check(memory)
    if let plan = need.plan(memory) { run.context.log.info("\(run.name): \(plan)") }
    let report = try await Report(inputs)
    run.meter.setGoal(2 * report.figures.count + 1)
    let earlier = ReportFigures(of: output, in: folder)
    var removed = 0
    try AtomicFile.writeTogether { files in
      // A page holds its figures and lists their files. These get their names after it, so a later run can remove those
      // of a killed one.
      files.append(try AtomicFile.begin(output, pieces: { try report.write($0) }))
      for figure in report.figures {
        for (kind, text) in [("svg", figure.svg), ("csv", figure.csv)] {
          let name = "\(figure.name).\(kind)"
          files.append(
            try AtomicFile.begin(
              "\(folder)/\(name)", as: OutputFiles.figures, text: text, replacingOwn: earlier.lists(name)))
        }
        run.meter.update(done: run.meter.reading.done + 2)
      }
    } replacing: {
      removed = earlier.remove(but: report.figures.flatMap { ["\($0.name).svg", "\($0.name).csv"] })
    }
    if removed > 0 { run.context.log.info("\(run.name): removed \(removed) files of figures that it no longer has") }
    run.meter.update(done: run.meter.reading.done + 1)
    for warning in report.warnings { run.context.log.warning("\(run.name): \(warning)") }
    for remark in report.remarks { run.context.log.info("\(run.name): \(remark)") }
    let drawn = report.figures.isEmpty ? "" : "; \(report.figures.count) figures in \(folder)"
    run.context.log.info("\(run.name): wrote \(output)\(drawn)")
  }

  /// The figure files that a report's page lists; none if there is no page.
  package func madeBefore(with page: String) -> [String] { ReportFigures(of: page, in: folder(beside: page)).files }

  package func folders(beside page: String) -> [String] { [folder(beside: page)] }

  /// `report_files` for `report.html`, unless the user wants another.
  private func folder(beside report: String) -> String {
    figures?.value ?? (report.hasSuffix(".html") ? String(report.dropLast(5)) : report) + "_files"
  }

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    outlook.forecast(size: "some hundred KiB", notes: ["figures are drawn by gnuplot"])
  }
}
