import Foundation
import Support

/// The page of a study over models.
struct StudyPage {
  private let study: JSONValue
  private let json: JSONValue
  private let file: String
  private let checksum: String
  private let inputs: ReportInputs

  /// Throws ``ReportError`` if the target or the properties are missing.
  init(_ json: JSONValue, _ file: String, checksum: String, _ inputs: ReportInputs) throws {
    guard let study = json["study"], study["target"] != nil, !(study["properties"]?.elements ?? []).isEmpty else {
      throw ReportError(
        file: file, expected: "a study with a target and properties", found: "other members",
        advice: "name a file that study wrote with --output")
    }
    try inputs.checkNothingOfOneModel(beside: "a study", found: "a study in \(file)")
    (self.study, self.json, self.file, self.checksum) = (study, json, file, checksum)
    self.inputs = inputs
  }

  func content() -> PageContent {
    let target = study["target"]?["name"]?.string ?? "target"
    let models = study["models"]?.elements.count ?? 0
    var page = Page(title: inputs.title ?? study["title"]?.string ?? "Study: \(ReportInputs.name(file))")
    page.lead =
      "\(NumberText.count(models)) models: how closely their \(target) follows each property of neural collapse."
    page.tables = [table(study["properties"]?.elements ?? [], id: "properties", title: "Properties")] + groups
    page.remarks = (study["remarks"]?.elements ?? []).compactMap(\.string)
    page.figuresNote =
      "One point per model. An axis is logarithmic if all its values are positive and the largest is more than ten times "
      + "the smallest. R² is that of the line over the values. A logarithmic axis also shows R² over their logarithms."
    page.provenance +=
      [
        .init(name: "study", value: "XXH3-128 \(checksum)"),
        .init(name: "permutations", value: study.double("permutations").map(NumberText.count) ?? "–"),
        .init(name: "seed", value: study["seed"]?.line ?? "–"),
      ] + Page.Entry.all(json["provenance"])
    page.footer = "Made by collapse \(collapseVersion). After Wu & Papyan, Linguistic Collapse, NeurIPS 2024."
    return PageContent(page: page, figures: StudyFigures(study).all, remarks: [])
  }

  private var groups: [Page.Table] {
    (study["groups"]?.elements ?? []).enumerated().map { index, group in
      let name = group["by"]?.string ?? "group"
      let value = group["value"]?.string ?? group.double("value").map { NumberText.short($0) } ?? ""
      return table(group["properties"]?.elements ?? [], id: "group-\(index)", title: "\(name) = \(value)")
    }
  }

  private func table(_ properties: [JSONValue], id: String, title: String) -> Page.Table {
    func number(_ value: JSONValue, _ name: String) -> String { NumberText.short(value.double(name)) }
    let rows = properties.map { property in
      let interval = property.double("r2_low").flatMap { low in
        property.double("r2_high").map { "\(NumberText.short(low)) – \(NumberText.short($0))" }
      }
      return [
        property["name"]?.string ?? "–", property["n"]?.line ?? "–", number(property, "r2"), interval ?? "–",
        number(property, "pearson"), number(property, "spearman"), number(property, "p"), number(property, "p_holm"),
        number(property, "partial"), number(property, "partial_p"), Self.remarks(property["remarks"]),
      ]
    }
    // Leaves out columns that were not asked for or are empty.
    let kept = Self.header.indices.filter { column in rows.contains { !["", "–"].contains($0[column]) } || column < 7 }
    return Page.Table(
      id: id, title: title,
      note: (study["weights"] == nil ? "" : "Models are weighted by 1/variance of the property. ")
        + "R² with its interval; p of the permutation test"
        + (kept.contains(7) ? ", and after Holm’s correction" : "")
        + (kept.contains(8) ? "; correlation given \(given)." : "."),
      header: kept.map { Self.header[$0] }, rows: rows.map { row in kept.map { row[$0] } },
      words: kept.last == 10 ? [kept.count - 1] : [])
  }

  private static let header = [
    "Property", "n", "R²", "interval", "Pearson", "Spearman", "p", "p (Holm)", "partial", "p (partial)", "remarks",
  ]

  /// The columns controlled for in the partial correlation.
  private var given: String { (study["given"]?.elements ?? []).compactMap(\.string).joined(separator: ", ") }

  private static func remarks(_ json: JSONValue?) -> String {
    json?.string ?? (json?.elements ?? []).compactMap(\.string).joined(separator: ", ")
  }
}
