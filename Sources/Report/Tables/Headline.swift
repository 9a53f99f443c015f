import Support

/// A number that says most about one side of collapse, as pages have it at their top.
struct Headline: Sendable {
  let name: String
  /// Its members in measurements.
  let path: [String]
  /// What it is under collapse.
  let collapsed: Double

  /// Of the figure: `nc1_cdnv_mean`.
  var id: String { path.joined(separator: "_") }

  /// nil where the measurements lack it, or it is undefined.
  func value(in json: JSONValue) -> Double? {
    path.reduce(json as JSONValue?) { value, key in value?[key] }?.double
  }

  var underCollapse: String { "under collapse: \(Numerals.short(collapsed))" }

  static let all = [
    Headline(name: "NC1 · CDNV, mean", path: ["nc1_cdnv", "mean"], collapsed: 0),
    Headline(name: "NC2 · norm, cv", path: ["nc2_norm", "cv"], collapsed: 0),
    Headline(name: "NC2 · interference, std", path: ["nc2_interference", "std"], collapsed: 0),
    Headline(name: "GNC2 · log energy, std", path: ["gnc2_log", "std"], collapsed: 0),
    Headline(name: "NC3 · cosine, mean", path: ["nc3_cosine", "mean"], collapsed: 1),
    Headline(name: "NC4 · agreement", path: ["nc4", "agreement"], collapsed: 1),
    Headline(name: "NC5 · deviation", path: ["nc5_ood_deviation"], collapsed: 0),
  ]
}
