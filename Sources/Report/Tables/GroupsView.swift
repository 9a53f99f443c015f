import Geometry
import Support

/// Groups of classes of one model, by min-count, frequency or type, with the headline statistics.
struct GroupsView {
  let title: String
  let header: [String]
  let rows: [[String]]
  /// What is missing, and why.
  var note = ""

  static func all(_ json: JSONValue) -> [GroupsView] {
    let thresholds = json[MinCountMeasures.member]?.elements ?? []
    let byMinCount = thresholds.isEmpty ? nil : GroupsView(thresholds: thresholds)
    return [byMinCount].compactMap { $0 }
      + ClassGrouping.Kind.allCases.compactMap { kind in
        let groups = json[kind.rawValue]?.elements ?? []
        return groups.isEmpty ? nil : GroupsView(groups, kind)
      }
  }

  private init(_ groups: [JSONValue], _ kind: ClassGrouping.Kind) {
    let title =
      switch kind {
      case .bands: "By frequency"
      case .types: "By type of token"
      }
    self.init(title, groups, [kind.label, "classes", "samples of a class", "samples"]) { group in
      let name = group[kind.label]?.string ?? group.double(kind.label).map { NumberText.short($0) } ?? ""
      let range = [group.double("smallest_count"), group.double("largest_count")].compactMap { $0 }
      let counts = Set(range).sorted().map { NumberText.count($0 as Double) }.joined(separator: "–")
      return [name, Self.count(group.double("classes")), counts, Self.count(group.double("samples"))]
    }
  }

  private init(thresholds: [JSONValue]) {
    let share = SamplingNoiseShare.entry
    self.init("By min-count", thresholds, ["min-count", "classes", "samples", "noise"]) { threshold in
      ["min_count", "classes", "samples"].map { Self.count(threshold.double($0)) }
        + [NumberText.percent(Reading(threshold["measures"], share, .value).value)]
    }
    let reasons = thresholds.compactMap { $0["reason"]?.string }
    let leftOut = thresholds.flatMap { threshold -> [String] in
      if case .object(let members)? = threshold["left_out"] { members.map(\.key) } else { [] }
    }
    let sweeps = Set(leftOut).sorted()
    note =
      (["“Noise” is the share of sampling noise in tr Σ_B."]
      + reasons.map { "\($0.prefix(1).uppercased())\($0.dropFirst())." }
      + (sweeps.isEmpty ? [] : ["\(sweeps.joined(separator: ", ")): a dash if it needs its own sweep over pairs."]))
      .joined(separator: " ")
  }

  /// The headline statistics that any group has, raw and corrected side by side, after some leading columns.
  private init(_ title: String, _ groups: [JSONValue], _ leading: [String], _ cells: (JSONValue) -> [String]) {
    var columns: [(heading: String, entry: StatisticEntry, part: StatisticEntry.Part)] = []
    for headline in Headline.all {
      columns.append((headline.column, headline.entry, headline.part))
      if let correction = headline.correction { columns.append(("corrected", correction, headline.part)) }
    }
    let shown = columns.filter { column in
      groups.contains { Reading($0["measures"], column.entry, column.part).value != nil }
    }
    self.title = title
    header = leading + shown.map(\.heading)
    rows = groups.map { group in
      cells(group) + shown.map { Reading(group["measures"], $0.entry, $0.part).text }
    }
  }

  private static func count(_ number: Double?) -> String {
    number.flatMap { Int(exactly: $0) }.map(NumberText.count) ?? "–"
  }
}
