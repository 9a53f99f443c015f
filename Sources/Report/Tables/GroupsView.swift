import Support

/// Groups of classes of one model, by frequency or by type, with the statistics that tell most.
struct GroupsView {
  let title: String
  let header: [String]
  let rows: [[String]]

  private static let statistics: [(name: String, path: (String, String?))] = [
    ("CDNV", ("nc1_cdnv", "mean")), ("norm cv", ("nc2_norm", "cv")),
    ("interference std", ("nc2_interference", "std")), ("log energy std", ("gnc2_log", "std")),
    ("NC3 cosine", ("nc3_cosine", "mean")), ("NC4", ("nc4", "agreement")),
  ]

  static func all(_ json: JSONValue) -> [GroupsView] {
    [("bands", "band", "By frequency"), ("types", "type", "By type of token")].compactMap { key, label, title in
      let groups = json[key]?.elements ?? []
      return groups.isEmpty ? nil : GroupsView(groups, label, title)
    }
  }

  private init(_ groups: [JSONValue], _ label: String, _ title: String) {
    let shown = Self.statistics.filter { statistic in groups.contains { Self.value($0, statistic.path) != nil } }
    self.title = title
    header = [label, "classes", "samples of a class", "samples"] + shown.map(\.name)
    rows = groups.map { group in
      let name = group[label]?.string ?? group.double(label).map { Numerals.short($0) } ?? ""
      let range = [group.double("smallest_count"), group.double("largest_count")].compactMap { $0 }
      let counts = Set(range).sorted().map { Numerals.count($0 as Double) }.joined(separator: "–")
      return [name, Self.count(group.double("classes")), counts, Self.count(group.double("samples"))]
        + shown.map { Numerals.short(Self.value(group, $0.path)) }
    }
  }

  private static func count(_ number: Double?) -> String {
    number.flatMap { Int(exactly: $0) }.map(Numerals.count) ?? "–"
  }

  private static func value(_ group: JSONValue, _ path: (String, String?)) -> Double? {
    guard let measures = group["measures"]?[path.0] else { return nil }
    return path.1.map { measures.double($0) } ?? measures.double
  }
}
