import Geometry
import Support

/// The page of several models: their statistics side by side, and each headline statistic by model.
struct ComparisonPage {
  private let models: [(file: String, json: JSONValue, checksum: String)]
  private let inputs: ReportInputs

  /// Throws ``ReportError`` if an input belongs to a single model.
  init(_ models: [(file: String, json: JSONValue, checksum: String)], _ inputs: ReportInputs) throws {
    (self.models, self.inputs) = (models, inputs)
    try inputs.checkNothingOfOneModel(beside: "several models", found: "\(models.count) files of measurements")
  }

  func content() -> PageContent {
    let names = ReportInputs.names(models.map(\.file))
    let sections = models.map { MeasuresView(json: $0.json).separateSections }
    var order: [(id: String, title: String, collapse: [String])] = []
    for row in sections.joined().flatMap(\.rows) {
      if let place = order.firstIndex(where: { $0.id == row.id }) {
        // Models with different numbers of classes or features can have different values under collapse.
        if !order[place].collapse.contains(row.collapse) { order[place].collapse.append(row.collapse) }
      } else {
        order.append((row.id, row.title, [row.collapse]))
      }
    }
    let rows = order.map { entry in
      ["\(entry.title) (\(entry.id))", entry.collapse.joined(separator: "; ")]
        + sections.map { sections in
          guard let row = sections.flatMap(\.rows).first(where: { $0.id == entry.id }) else { return "–" }
          return row.std.isEmpty ? row.value : "\(row.value) (\(row.std))"
        }
    }
    var page = Page(title: inputs.title ?? "Neural collapse of \(models.count) models")
    page.lead = "The statistics of \(models.count) models side by side."
    page.tables = [
      Page.Table(
        id: "comparison", title: "Statistics",
        note:
          "A value or mean, ± its standard error where it is known; in brackets the deviation over classes or pairs.",
        header: ["Statistic", "Under collapse"] + names, rows: rows, words: [1])
    ]
    let scale = Remark.scale(order.map(\.id)).map { [$0.text] } ?? []
    page.findings = Page.Remarks(scale + remarks(names))
    page.provenance += zip(names, models).map { .init(name: $0, value: "XXH3-128 \($1.checksum)") }
    page.figuresNote = "One row per model. Dashed lines show where a collapsed model would be."
    return PageContent(
      page: page, figures: ComparisonFigures(names: names, measures: models.map(\.json)).all, remarks: scale)
  }

  /// The remarks of every model in turn, with its name, so that the most important come first.
  private func remarks(_ names: [String]) -> [String] {
    let each = models.map { ($0.json["remarks"]?.elements ?? []).compactMap { $0["text"]?.string } }
    return (0..<(each.map(\.count).max() ?? 0)).flatMap { place in
      zip(names, each).compactMap { name, texts in place < texts.count ? "\(name): \(texts[place])" : nil }
    }
  }
}
