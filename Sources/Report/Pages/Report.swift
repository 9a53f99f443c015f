import Artefacts
import Geometry
import Storage

/// A report: one HTML file that needs no network, and its figures as files.
package struct Report: Sendable {
  private let page: PageText
  package var html: String { page.whole }
  /// Each figure's name, its SVG, and its data as CSV.
  package let figures: [(name: String, svg: String, csv: String)]
  /// What is missing in the report, and how to get it.
  package let remarks: [String]
  /// Doubts about whether the numbers of a file are of one model.
  package let warnings: [String]

  /// Pages, and drawings of figures.
  package static let own = [OwnFile.text(PageTemplates.beginning), OwnFile.text(SVGFigure.beginning)]

  /// Calls `body` with pieces of the HTML, in order.
  package func write(_ body: (String) throws -> Void) rethrows { try page.write(body) }

  /// Makes the report of one model, of several, of a study, or of two states compared, depending on the files.
  ///
  /// The same inputs give the same bytes with the same gnuplot.
  ///
  /// Throws `StreamError` or ``ReportError`` if an input has the wrong content, or gnuplot is missing.
  ///
  /// - Parameter gnuplot: the program that draws.
  package init(_ inputs: ReportInputs, gnuplot: String = "gnuplot") async throws {
    let documents = try inputs.measures.map { file in (file: file, document: try ReportInputs.read(file)) }
    let gnuplot = try await Gnuplot(gnuplot)
    let content: PageContent
    var warnings: [(file: String, text: String)] = []
    if let study = documents.first(where: { $0.document.json["study"] != nil }) {
      guard documents.count == 1 else {
        throw ReportError(
          file: study.file, expected: "one study, or measurements alone",
          found: "a study among \(documents.count) files",
          advice: "make a separate report of each")
      }
      content = try StudyPage(study.document.json, study.file, checksum: study.document.checksum, inputs).content()
    } else if let compared = documents.first(where: { ComparisonReader.holds($0.document.json) }) {
      guard documents.count == 1 else {
        throw ReportError(
          file: compared.file, expected: "one comparison of two states, or measurements alone",
          found: "a comparison among \(documents.count) files", advice: "make a separate report of each")
      }
      content = try StateComparisonPage(
        compared.document.json, compared.file, checksum: compared.document.checksum, inputs
      ).content()
    } else {
      for (file, document) in documents {
        guard MeasuresReader.holds(document.json), document.json[Sizes.classes.id]?.double != nil else {
          throw ReportError(
            file: file,
            expected:
              "measurements, an object with \(Sizes.samples.id) and \(Sizes.classes.id), a study, or a comparison of two states",
            found: "other JSON", advice: "name a file that measure, study or compare wrote with --output")
        }
        if let warning = try MeasurementsOrigin.check(document.json, file) { warnings.append((file, warning)) }
      }
      if documents.count == 1, let table = inputs.classes ?? inputs.histograms ?? inputs.eigenvalues,
        MeasurementsOrigin.text(MeasurementsOrigin.classes, of: documents[0].document.json) == nil
      {
        let name = ReportInputs.name(table)
        warnings.append(
          (documents[0].file, "does not record its tables, as files of release 0.1.0; check that \(name) belongs to it")
        )
      }
      content =
        documents.count == 1
        ? try ModelPage(json: documents[0].document.json, checksum: documents[0].document.checksum, inputs: inputs)
          .content()
        : try ComparisonPage(
          documents.map { ($0.file, $0.document.json, $0.document.checksum) }, inputs
        ).content()
    }
    var page = content.page
    page.remarks = warnings.map { "\(ReportInputs.name($0.file)) \($0.text)" } + page.remarks
    var files: [(name: String, svg: String, csv: String)] = []
    for figure in content.figures {
      try Task.checkCancellation()
      let drawn = try await gnuplot.draw(figure)
      let (svg, csv) = (drawn.file, figure.data.csv)
      page.figures.append(
        .init(
          name: figure.name, finding: figure.finding, svg: drawn.inline, svgSum: FigureList.sum(Array(svg.utf8)),
          csvSum: FigureList.sum(Array(csv.utf8))))
      files.append((figure.name, svg, csv))
    }
    page.provenance.append(.init(name: "figures", value: gnuplot.version))
    self.page = try page.html()
    figures = files
    remarks = content.remarks
    self.warnings = warnings.map { "\($0.file) \($0.text)" }
  }
}

/// A page before its figures are drawn.
struct PageContent {
  var page: Page
  let figures: [Figure]
  let remarks: [String]
}
