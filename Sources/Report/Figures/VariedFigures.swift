import Geometry
import Storage
import Support

/// What the headline statistics of a model were measured over.
extension HeadlineFigures {
  /// Over the samples that a class must have, from measurements.
  init?(byMinCount json: JSONValue) {
    let rows = (json[MinCountMeasures.member]?.elements ?? []).filter { $0.double("min_count") ?? 0 >= 1 }
    guard rows.count > 1 else { return nil }
    let places = rows.map { $0.double("min_count") ?? 0 }
    let missing = rows.contains { $0["left_out"] != nil }
    self.init(
      name: MinCountMeasures.member, words: "by min-count",
      x: .init(
        label: "samples that a class must have", isLogarithmic: true,
        ticks: places.map { .init(label: NumberText.count($0), place: $0) }),
      column: "min_count", places: places, titles: places.map { "min-count \(NumberText.count($0))" },
      remark: missing ? "Values that need their own sweep over pairs are left out." : ""
    ) { row, entry, part in Reading(rows[row]["measures"], entry, part) }
  }

  /// Over groups of classes, from measurements.
  init?(_ kind: ClassGrouping.Kind, of json: JSONValue) {
    let groups = json[kind.rawValue]?.elements ?? []
    guard groups.count > 1 else { return nil }
    let labels = groups.map { group in
      group[kind.label]?.string ?? group.double(kind.label).map { NumberText.short($0) } ?? ""
    }
    let places = groups.indices.map { Double($0 + 1) }
    self.init(
      name: "by_\(kind.label)", words: "by \(kind.label)",
      x: .init(
        label: kind == .bands ? "frequency band, from rare to frequent" : kind.label,
        range: 0.5...Double(groups.count) + 0.5,
        ticks: groups.count > Self.mostLabels ? [] : zip(labels, places).map { .init(label: $0, place: $1) }),
      column: kind.label, places: places, titles: labels.map { kind == .bands ? "band \($0)" : $0 },
      isOrdered: kind == .bands
    ) { row, entry, part in Reading(groups[row]["measures"], entry, part) }
  }

  /// With more groups, labels would overlap.
  private static let mostLabels = 12

  /// Over growing prefixes of the parts of a corpus, from measurements.
  init?(prefixes json: JSONValue) {
    let rows = (json["prefixes"]?.elements ?? []).filter { $0.double("samples") ?? 0 > 0 }
    guard rows.count > 1 else { return nil }
    self.init(
      overSamples: rows.map { $0.double("samples") ?? 0 }, name: "over_prefixes", words: "over growing parts"
    ) { row, entry, part in Reading(rows[row]["measures"], entry, part) }
  }

  /// Over the samples passed, from the timeline of `accumulate`; nil with fewer than two rows.
  init?(_ timeline: CSVTable) throws {
    guard let samples = try timeline.numbers("samples").map(Array.init), samples.count > 1,
      !samples.contains(where: { $0 == nil })
    else { return nil }
    var columns: [String: [Double?]] = [:]
    for name in Statistics.onTimeline.flatMap({ $0.timelineColumns(errors: true) }) {
      columns[name] = try timeline.numbers(name).map(Array.init)
    }
    self.init(overSamples: samples.compactMap { $0 }, name: "over_samples", words: "over samples") {
      [columns] row, entry, part in
      Reading(columns[entry.column(part)]?[row], bar: columns[entry.errorColumn(part)]?[row])
    }
  }

  private init(
    overSamples samples: [Double], name: String, words: String,
    reading: @escaping (Int, StatisticEntry, StatisticEntry.Part) -> Reading
  ) {
    let spread = (samples.last ?? 0) > 10 * (samples.first ?? 0) && (samples.first ?? 0) > 0
    self.init(
      name: name, words: words, x: .init(label: "samples", isLogarithmic: spread), column: "samples", places: samples,
      titles: samples.map { "\(NumberText.count($0)) samples" }, reading: reading)
  }
}
