import Geometry
import Support

/// A number that says most about one side of collapse, as pages have it at their top.
struct Headline: Sendable {
  let entry: StatisticEntry
  let part: StatisticEntry.Part
  let name: String
  /// Above its column in a table of groups.
  let column: String
  /// What it is under collapse.
  let collapsed: Double

  /// Of the figure: `nc1_cdnv_mean`.
  var id: String { entry.column(part) }

  /// nil where the measurements lack it, or it is undefined.
  func value(in json: JSONValue?) -> Double? {
    entry.path(part).reduce(json) { value, key in value?[key] }?.double
  }

  var underCollapse: String { "under collapse: \(Numerals.short(collapsed))" }

  /// Those that statistics say they are, in the order of results.
  static let all = Statistics.entries.compactMap { entry in
    entry.headline.map {
      Headline(
        entry: entry, part: $0.part, name: "\(entry.family.name) · \($0.words)", column: $0.column,
        collapsed: $0.collapsed)
    }
  }
}
