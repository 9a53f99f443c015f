import Geometry
import Support

/// Groups of classes of one model, by frequency or by type, with the headline statistics.
struct GroupsView {
  let title: String
  let header: [String]
  let rows: [[String]]

  static func all(_ json: JSONValue) -> [GroupsView] {
    ClassGrouping.Kind.allCases.compactMap { kind in
      let groups = json[kind.rawValue]?.elements ?? []
      return groups.isEmpty ? nil : GroupsView(groups, kind)
    }
  }

  private init(_ groups: [JSONValue], _ kind: ClassGrouping.Kind) {
    func value(_ group: JSONValue, _ headline: Headline) -> Double? { headline.value(in: group["measures"]) }
    let shown = Headline.all.filter { headline in groups.contains { value($0, headline) != nil } }
    title =
      switch kind {
      case .bands: "By frequency"
      case .types: "By type of token"
      }
    header = [kind.label, "classes", "samples of a class", "samples"] + shown.map(\.column)
    rows = groups.map { group in
      let name = group[kind.label]?.string ?? group.double(kind.label).map { NumberText.short($0) } ?? ""
      let range = [group.double("smallest_count"), group.double("largest_count")].compactMap { $0 }
      let counts = Set(range).sorted().map { NumberText.count($0 as Double) }.joined(separator: "–")
      return [name, Self.count(group.double("classes")), counts, Self.count(group.double("samples"))]
        + shown.map { NumberText.short(value(group, $0)) }
    }
  }

  private static func count(_ number: Double?) -> String {
    number.flatMap { Int(exactly: $0) }.map(NumberText.count) ?? "–"
  }
}
