import Engine
import Plan
import Report
import Storage
import Support

/// `report`: measurements or a study as one HTML file, with its figures as files beside it.
///
/// The class table and the histograms of a `measure` stage are read from where that stage put them, unless the report
/// names its own files.
package struct ReportStage: StageKind, ArtefactStage, ForecastingStage {
  package static let name = "report"
  package static let summary = "measurements or a study as one HTML file, with figures as SVG and their data as CSV"
  package static let product = Product.report
  package static let fileExtension: String? = "html"
  package static let settings: [Setting<Self>] = [
    .init(
      "measures", "files of measurements (JSON), or stages that make them", refersTo: .measures, list: true,
      verb: .argument("measures", "files that measure wrote, or one file that study wrote", required: true)),
    .init(
      "study", "a study file (JSON), or the stage that makes it, instead of measures", refersTo: .study,
      verb: .fileOnly),
    .init(
      \.classes, "classes",
      "the table of token classes that measure wrote (CSV or HDF5); by default that of the measure stage", .file,
      verb: .help("the table of token classes that measure wrote (CSV or HDF5)")),
    .init(
      \.histograms, "histograms", "the histograms that measure wrote (CSV); by default those of the measure stage",
      .file, verb: .help("the histograms that measure wrote (CSV)")),
    .init(
      "timeline", "the timeline that accumulate wrote with measure-every (CSV), or the stage", refersTo: .moments,
      verb: .help("the timeline that accumulate wrote with --measure-every (CSV)")),
    .init(
      \.tokens, "tokens", "the model's tokenizer.json, or its folder, for a class table without token texts", .file),
    .init(\.title, "title", "title of the report; by default from the file's name"),
    .init(
      \.figures, "figures", "folder for the figures; by default report_files beside report.html", .folder,
      changesResult: true),
    .init(\.output, "output", "where to write the report (HTML)", .output, verb: .required),
  ]

  var classes: Located<String>?
  var histograms: Located<String>?
  var tokens: Located<String>?
  var title: String?
  var figures: Located<String>?
  package var output: Located<String>?
  private var place = SourcePosition.option(Self.name)

  package init() {}

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    tokens = tokens?.asTokenizerFile
    place = decoder.stage.kind.place
    if (decoder.located("measures") == nil) == (decoder.located("study") == nil) {
      decoder.addProblem(
        place, "stage “\(decoder.stage.written)” needs measures or study, not both",
        advice: "add measures: a measure stage, or study: a study stage")
    }
  }

  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    if artefact == nil { problems.append(.noOutput(Self.name, place)) }
  }

  package static let sideInputs = [
    SideInput("classes", of: "measures"), SideInput("histograms", of: "measures"),
    SideInput("timeline", of: "timeline", beside: Timeline.file(of:)),
  ]

  package static let progressUnit = "files"

  /// Checks for cancellation between figures.
  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    guard let output = run.output else { return nil }
    let inputs = ReportInputs(
      measures: (run.files["measures"] ?? []) + (run.files["study"] ?? []),
      classes: classes?.value ?? run.sideInputs["classes"],
      histograms: histograms?.value ?? run.sideInputs["histograms"], timeline: run.sideInputs["timeline"],
      tokenizer: tokens?.value, title: title)
    let report = try await Report(inputs)
    run.meter.setGoal(2 * report.figures.count + 1)
    let folder = folder(beside: output)
    let earlier = ReportFigures(of: output, in: folder)
    if !report.figures.isEmpty {
      try AtomicFile.makeFolder(folder)
    } else if figures == nil {
      // A killed run may have made it.
      rmdir(folder)
    }
    var pending: [AtomicFile.Pending] = []
    // What has been renamed is not there to remove.
    defer { for file in pending { file.abandon() } }
    for figure in report.figures {
      for (kind, text) in [("svg", figure.svg), ("csv", figure.csv)] {
        pending.append(try AtomicFile.begin("\(folder)/\(figure.name).\(kind)", for: output, text: text))
      }
      run.meter.update(done: run.meter.reading.done + 2)
    }
    // A page lists its figures. They get their names after it, so a later run can remove those of a killed one.
    let removed = earlier.remove(but: report.figures.flatMap { ["\($0.name).svg", "\($0.name).csv"] })
    if removed > 0 { run.context.log.info("\(run.name): removed \(removed) files of figures that it no longer has") }
    try AtomicFile.write(output, text: report.html)
    for file in pending { try file.commit() }
    run.meter.update(done: run.meter.reading.done + 1)
    for warning in report.warnings { run.context.log.warning("\(run.name): \(warning)") }
    for remark in report.remarks { run.context.log.info("\(run.name): \(remark)") }
    let drawn = report.figures.isEmpty ? "" : "; \(report.figures.count) figures in \(folder)"
    run.context.log.info("\(run.name): wrote \(output)\(drawn)")
    return nil
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
