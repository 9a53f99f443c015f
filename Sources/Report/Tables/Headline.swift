import Geometry
import Support

/// The key number for one aspect of collapse, shown at the top of pages.
struct Headline: Sendable {
  let entry: StatisticEntry
  let part: StatisticEntry.Part
  let name: String
  /// Its column heading in a table of groups.
  let column: String
  /// Its value under collapse.
  let collapsed: Double

  /// Also the name of its figure: `nc1_cdnv_mean`.
  var id: String { entry.column(part) }

  /// Nil if the measurements lack it, or it is undefined.
  func value(in json: JSONValue?) -> Double? {
    entry.path(part).reduce(json) { value, key in value?[key] }?.double
  }

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
