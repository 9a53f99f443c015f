import Artefacts
import Geometry
import Support
import Vocabulary

/// The page of two states compared: as a whole, by groups, and the classes that moved most.
struct StateComparisonPage {
  private let view: ComparisonView
  private let file: String
  private let checksum: String
  private let inputs: ReportInputs

  /// Throws ``ReportError`` if an input belongs to a single model.
  init(_ json: JSONValue, _ file: String, checksum: String, _ inputs: ReportInputs) throws {
    if let other = inputs.histograms ?? inputs.eigenvalues ?? inputs.timeline {
      throw ReportError(
        file: other, expected: "no histograms, eigenvalues or timeline with a comparison of two states",
        found: "a comparison in \(file)", advice: "use it in a report of its one model, and leave it out here")
    }
    (view, self.file, self.checksum, self.inputs) = (ComparisonView(json: json), file, checksum, inputs)
  }

  /// Throws `StreamError` or ``ReportError`` if the table of classes is another one.
  func content() throws -> PageContent {
    var classes = try inputs.classes.map { try ClassesReader($0).table }
    if let classes { try check(classes) }
    if let tokenizer = inputs.tokenizer { classes = try classes?.naming(Tokenizer(tokenizer)) }
    var page = Page(title: inputs.title ?? "Two states compared: \(ReportInputs.name(file))")
    let count = view.json.double(ComparisonReader.first).map { NumberText.count($0) } ?? "–"
    page.lead = "The means of \(count) token classes in two states, A and B: how alike they are, and which moved most."
    page.facts = facts
    page.remarks = view.remarks
    page.tables = [whole, states] + [moved].compactMap(\.self)
    page.groups = view.groups.map { groups in
      Page.Table(
        title: groups.kind == .bands ? "By frequency" : "By type of token",
        header: [groups.kind.label, "samples of a class in A and B"] + groups.columns.map(\.id),
        rows: groups.groups.map { [$0.label, $0.counts] + $0.values.map { NumberText.short($0) } })
    }
    page.classes = classes.map { ClassesData($0) }
    page.figuresNote = "Each figure is drawn from its CSV file."
    page.provenance +=
      [.init(name: "comparison", value: "XXH3-128 \(checksum)")]
      + Page.Entry.all(view.json[MeasurementsOrigin.member])
    let remarks = [
      classes == nil
        ? "no class table, so no figures of all classes; compare writes it and report reads it with the classes option"
        : nil,
      inputs.tokenizer != nil && classes == nil ? "the tokenizer is not used: there is no class table" : nil,
    ]
    return PageContent(
      page: page, figures: MovementFigures(view, classes).all, remarks: remarks.compactMap(\.self))
  }

  private func check(_ classes: ClassTable) throws {
    guard let table = inputs.classes else { return }
    let expected = MeasurementsOrigin.text(MeasurementsOrigin.classes, of: view.json)
    guard classes.comparesStates, classes.digest == expected else {
      throw ReportError(
        file: table,
        expected: "the table of token classes of \(file) (\(MeasurementsOrigin.classes) \(expected ?? "unknown"))",
        found: classes.comparesStates ? "that of another comparison (\(classes.digest))" : "a table of one state",
        advice: "name the table that the same run of compare wrote")
    }
  }

  private var facts: [Page.Entry] {
    view.rows.filter { ["cka", "procrustes_distance", "mean_cosine"].contains($0.entry.id) }.map { row in
      Page.Entry(
        name: row.entry.title, value: NumberText.short(row.value),
        collapse: row.entry.id == "procrustes_distance" ? "0 for equal states" : "1 for equal states")
    }
  }

  private var whole: Page.Table {
    Page.Table(
      id: "comparison", title: "Comparison",
      note:
        "A value, or mean and standard deviation over the common classes. Beside CKA stands what unrelated states give.",
      header: ["Number", "Definition", "Value or mean", "Deviation", ""],
      rows: view.rows.map { row in
        [
          "\(row.entry.title) (\(row.entry.id))", row.entry.formula, NumberText.short(row.value),
          row.entry.shape == .classes ? NumberText.short(row.std) : "", row.remarks,
        ]
      }, words: [1, 4])
  }

  private var states: Page.Table {
    func text(_ number: Double?, _ entry: StatisticEntry) -> String {
      entry.shape == .count ? number.map { NumberText.count($0) } ?? "–" : NumberText.short(number)
    }
    return Page.Table(
      id: "states", title: "The two states", note: "Traces are those of the common classes.",
      header: ["Number", "A", "B"],
      rows: view.pairs.map { ["\($0.entry.title) (\($0.name))", text($0.a, $0.entry), text($0.b, $0.entry)] })
  }

  /// Nil if no class moved, or there is no common basis.
  private var moved: Page.Table? {
    let (columns, rows) = view.movedMost
    guard !rows.isEmpty else { return nil }
    let words = columns.indices.filter { columns[$0].kind == .text }
    return Page.Table(
      id: "moved", title: "Classes that moved most",
      note: "By squared distance, corrected for noise if the samples differ.",
      header: columns.map(\.title),
      rows: rows.map { row in
        zip(columns, row).map { column, value in
          value.string.map(VisibleText.line)
            ?? (column.kind == .number
              ? NumberText.short(value.double) : value.double.map { NumberText.count($0) } ?? "–")
        }
      }, words: Set(words))
  }
}
