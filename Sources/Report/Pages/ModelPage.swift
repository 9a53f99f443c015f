import Artefacts
import Formats
import Geometry
import Storage
import Study
import Support
import Vocabulary

/// The page of one model.
struct ModelPage {
  let json: JSONValue
  let checksum: String
  let inputs: ReportInputs

  private var view: MeasuresView { MeasuresView(json: json) }

  /// Throws `StreamError` or ``ReportError`` if another input has the wrong content.
  func content() throws -> PageContent {
    var rows = try inputs.classes.map { try ClassesReader($0).table }
    if let rows { try check(rows) }
    if let tokenizer = inputs.tokenizer { rows = try rows?.naming(Tokenizer(tokenizer)) }
    var figures = rows.map { ClassFigures(rows: $0).all } ?? []
    figures += try inputs.histograms.map { try pairFigures($0) } ?? []
    figures += try inputs.eigenvalues.map { [try spectrumFigure($0)] } ?? []
    let timeline = try inputs.timeline.map { try timelineFigures($0) }
    figures += timeline?.figures ?? []
    figures += varied.flatMap(\.all)
    var page = Page(title: inputs.title ?? "Neural collapse: \(ReportInputs.name(inputs.measures[0]))")
    page.lead = lead
    page.facts = facts
    page.statistics = view.sections
    page.statisticsNote =
      "A value with a deviation is a mean over classes or pairs of classes; cv is the ratio of the two. "
      + "± is the standard error of a number, where it is known. It takes samples as independent, so it is a lower bound. "
      + "“Corrected” is the value without the sampling noise of class means. The last column shows what collapse would give."
    page.figuresNote = "Each figure is drawn from its CSV file. Dashed lines show where a collapsed model would be."
    page.findings = Page.Remarks(json)
    page.tables = enough(timeline?.enough)
    page.groups = GroupsView.all(json).map {
      Page.Table(title: $0.title, note: $0.note, header: $0.header, rows: $0.rows)
    }
    page.classes = rows.map { ClassesData($0) }
    page.provenance +=
      [.init(name: "measurements", value: "XXH3-128 \(checksum)")] + Page.Entry.all(json["provenance"])
    return PageContent(page: page, figures: figures, remarks: remarks(timeline?.figures.isEmpty == false))
  }

  /// What the headline statistics were measured over.
  private var varied: [HeadlineFigures] {
    [HeadlineFigures(prefixes: json), HeadlineFigures(byMinCount: json)].compactMap { $0 }
      + ClassGrouping.Kind.allCases.compactMap { HeadlineFigures($0, of: json) }
  }

  /// The tables of how many samples were enough.
  private func enough(_ timeline: EnoughView?) -> [Page.Table] {
    [("enough", "Enough samples", timeline), ("enough-parts", "Enough parts", EnoughView(prefixes: json))]
      .compactMap { id, title, view in
        view.map {
          Page.Table(id: id, title: title, note: $0.note, header: $0.header, rows: $0.rows, words: [2])
        }
      }
  }

  private func check(_ rows: ClassTable) throws {
    guard let file = inputs.classes else { return }
    guard !rows.comparesStates else {
      throw ReportError(
        file: file, expected: "the table of token classes of one model, \(inputs.measures[0])",
        found: "a table of two states compared",
        advice: "name the table that the same run of measure wrote, or report the comparison")
    }
    if let classes = view.classes, rows.rows != classes {
      throw ReportError(
        file: file, expected: "the \(classes) classes of \(inputs.measures[0])", found: "\(rows.rows)",
        advice: "name the table that the same run of measure wrote")
    }
    try check(rows.digest, MeasurementsOrigin.classes, file, "the table of token classes")
  }

  /// Checks the identity of a table that `measure` wrote. Measurements of release 0.1.0 do not record it.
  private func check(_ digest: String, _ name: String, _ file: String, _ what: String) throws {
    guard let expected = MeasurementsOrigin.text(name, of: json), digest != expected else { return }
    throw ReportError(
      file: file, expected: "\(what) of \(inputs.measures[0]) (\(name) \(expected))",
      found: "\(what) of other measurements (\(digest))", advice: "name the file that the same run of measure wrote")
  }

  private func pairFigures(_ file: String) throws -> [Figure] {
    let table = try CSVTable(file, kind: "histograms of pair statistics")
    let figures = try PairFigures(table, file).figures(classes: view.classes)
    try check(table.checksum(), MeasurementsOrigin.histograms, file, "the histograms")
    return figures
  }

  private func spectrumFigure(_ file: String) throws -> Figure {
    let table = try CSVTable(file, kind: "eigenvalues of spectra")
    let figure = try SpectrumFigure.make(table, file)
    try check(table.checksum(), MeasurementsOrigin.spectra, file, "the eigenvalues")
    return figure
  }

  /// Checks that the timeline ends with the samples of the measurements. Timelines of release 0.1.0 do not record which
  /// samples they are of.
  private func timelineFigures(_ file: String) throws -> (figures: [Figure], enough: EnoughView?) {
    let table = try CSVTable(file, kind: "a timeline")
    let figure = try TimelineFigure.make(table, file)
    let found = (
      (figure.map { [$0] } ?? []) + (try HeadlineFigures(table)?.all ?? []), try EnoughView(table)
    )
    var digest: String?
    _ = try table.forEach(in: MeasurementsOrigin.samples) { digest = $0 }
    if let digest, let expected = MeasurementsOrigin.text(MeasurementsOrigin.samples, of: json), digest != expected {
      throw ReportError(
        file: file, position: "the last row",
        expected: "the samples of \(inputs.measures[0]) (\(MeasurementsOrigin.samples) \(expected))",
        found: digest.isEmpty ? "none: its run has not ended" : "other samples (\(digest))",
        advice: "name the timeline of the state that was measured")
    }
    guard let last = try table.numbers("samples")?.last ?? nil, let samples = json.double(Sizes.samples.id),
      last != samples
    else { return found }
    throw ReportError(
      file: file, position: "the last row",
      expected: "\(NumberText.count(samples)) samples, as in \(inputs.measures[0])",
      found: NumberText.count(last), advice: "name the timeline of the state that was measured")
  }

  private var lead: String {
    func count(_ size: StatisticEntry) -> String {
      json.double(size.id).flatMap { Int(exactly: $0) }.map(NumberText.count) ?? "–"
    }
    return
      "\(count(Sizes.samples)) samples of \(count(Sizes.classes)) token classes in \(count(Sizes.dimension)) dimensions: "
      + "how far the top-layer features of this language model have collapsed."
  }

  private var facts: [Page.Entry] {
    Headline.all.compactMap { headline in
      let reading = headline.reading(in: json)
      guard reading.value != nil else { return nil }
      let corrected = headline.correction.map { Reading(json, $0, headline.part) }.flatMap {
        $0.value == nil ? nil : $0
      }
      return Page.Entry(
        name: headline.name, value: NumberText.short(reading.value),
        error: reading.bar.map { "± \(NumberText.error($0))" },
        corrected: corrected.map { "corrected: \($0.text)" }, collapse: headline.underCollapse(in: json))
    }
  }

  /// What is missing, and how to get it.
  private func remarks(_ hasTimeline: Bool) -> [String] {
    [
      inputs.classes == nil
        ? "no class table, so no figures of frequency, norms, classifier and NC4; measure writes it and report reads it with the classes option"
        : nil,
      inputs.histograms == nil
        ? "no histograms, so no figures of pairs; measure writes them and report reads them with the histograms option"
        : nil,
      inputs.tokenizer != nil && inputs.classes == nil
        ? "the tokenizer is not used: there is no class table" : nil,
      inputs.timeline != nil && !hasTimeline ? "the timeline has only one row, so it is left out" : nil,
    ].compactMap { $0 }
  }
}

extension CSVTable {
  /// The checksum of the file as `measure` wrote it, with any line ends.
  fileprivate func checksum() throws -> String {
    let sum = Checksum()
    sum.update(columns.joined(separator: ",") + "\n")
    try forEachRow { sum.update($0.joined(separator: ",") + "\n") }
    return sum.value
  }
}

extension Page.Entry {
  /// The members of a provenance, in readable form.
  static func all(_ json: JSONValue?) -> [Page.Entry] {
    guard case .object(let members)? = json else { return [] }
    return members.map { member in
      let value =
        switch member.value {
        case .string(let text): text
        case .boolean(let isTrue): isTrue ? "yes" : "no"
        default: member.value.line
        }
      return Page.Entry(name: member.key.replacing("_", with: " "), value: value)
    }
  }
}
