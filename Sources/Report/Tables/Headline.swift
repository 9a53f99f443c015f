import Geometry
import Support

/// The key number for one aspect of collapse, shown at the top of pages.
struct Headline: Sendable {
  let entry: StatisticEntry
  let part: StatisticEntry.Part
  let name: String
  /// Its column heading in a table of groups.
  let column: String
  /// Its value under collapse, if there are few enough classes.
  let collapsed: Double

  /// Also the name of its figure: `nc1_cdnv_mean`.
  var id: String { entry.column(part) }

  /// Nil if the measurements lack it, or it is undefined.
  func value(in json: JSONValue?) -> Double? {
    entry.path(part).reduce(json) { value, key in value?[key] }?.double
  }

  /// Its value under collapse, with the numbers of classes and features of these measurements.
  func collapsed(in json: JSONValue) -> Double {
    guard entry.floor?.part == part, let classes = json.count(Sizes.classes), let d = json.count(Sizes.dimension) else {
      return collapsed
    }
    return entry.floor(classes: classes, dimension: d) ?? collapsed
  }

  /// The same in words, for these measurements.
  func underCollapse(in json: JSONValue) -> String { "under collapse: \(NumberText.short(collapsed(in: json)))" }

  /// The number with its error bar.
  func reading(in json: JSONValue?) -> Reading { Reading(json, entry, part) }

  /// The statistic that corrects it for sampling noise, if there is one.
  var correction: StatisticEntry? { Statistics.correction(of: entry) }

  var underCollapse: String { "under collapse: \(NumberText.short(collapsed))" }

  /// The headlines that statistics declare, in the order of results.
  static let all = Statistics.entries.compactMap { entry in
    entry.headline.map {
      Headline(
        entry: entry, part: $0.part, name: "\(entry.family.name) · \($0.words)", column: $0.column,
        collapsed: $0.collapsed)
    }
  }
}
