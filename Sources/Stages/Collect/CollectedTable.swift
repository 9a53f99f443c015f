import Artefacts
import Geometry
import Plan
import Storage
import Support

/// Measurements of several models, layers or checkpoints as one table for studies, one row each.
///
/// - Columns: `name`, the matrix variables, then every number of the measurements in the order written. Numbers of an
///   object have its name as a prefix: `nc1_cdnv_mean`. Each is followed by its `…_standard_error` and
///   `…_jackknife_bias`, as far as they are known. A matrix variable named like a measurement or `name` gets a
///   prefix: `matrix_tokens`.
/// - A row of a group of classes has its `band` or `type` and its sizes before the numbers.
/// - The last columns identify the state and the output heads (``MeasurementsOrigin/ofRow``), so that rows of different
///   models are not joined later.
/// - Missing and `null` values are empty. Other strings, arrays (bands and types of classes) and the rest of the
///   provenance are left out.
/// - Numbers keep the digits of their file.
struct CollectedTable: Sendable, Equatable {
  /// One file of measurements.
  struct Row: Sendable {
    let name: String
    let values: [MatrixValue]
    /// What identifies a group of classes, if the row is of one: its label and sizes.
    var group: [JSONValue.Member] = []
    let measures: JSONValue

    /// The names of what identifies a group, in order.
    fileprivate static let groupColumns =
      ClassGrouping.Kind.allCases.map(\.label) + ["smallest_count", "largest_count", "samples"]

    /// A row for each band and type that was measured too.
    var groups: [Row] {
      let origin = measures[MeasurementsOrigin.member]
      return ClassGrouping.Kind.allCases.flatMap { kind -> [Row] in
        guard case .array(let groups)? = measures[kind.rawValue] else { return [] }
        return groups.map { group in
          let sizes = Self.groupColumns.compactMap { name in group[name].map { JSONValue.Member(name, $0) } }
          // A group that could not be measured has its number of classes.
          let known = JSONValue.object(group[Sizes.classes.id].map { [.init(Sizes.classes.id, $0)] } ?? [])
          let measured = group["measures"].flatMap { $0 == .null ? nil : $0 } ?? known
          return Row(
            name: name, values: values, group: sizes,
            measures: origin.map { measured.adding(MeasurementsOrigin.member, $0) } ?? measured)
        }
      }
    }
  }

  private(set) var columns: [String]
  /// Fields by column; missing ones are empty.
  private(set) var rows: [[String: JSONValue]]

  init(_ rows: [Row]) {
    let numbers = rows.map { Self.numbers(in: $0.measures) + Self.origin(of: $0.measures) }
    let measured = Self.merged(numbers.map { $0.map(\.key) })
    let groups = Row.groupColumns.filter { name in rows.contains { $0.group.contains { $0.key == name } } }
    let taken = Set(measured + groups + ["name"])
    func column(_ name: String) -> String { taken.contains(name) ? "matrix_\(name)" : name }
    columns = ["name"] + Self.merged(rows.map { $0.values.map { column($0.name) } }) + groups + measured
    self.rows = zip(rows, numbers).map { row, numbers in
      let named = [("name", JSONValue.string(row.name))] + row.values.map { (column($0.name), .string($0.value)) }
      return Dictionary(named + (row.group + numbers).map { ($0.key, $0.value) }) { first, _ in first }
    }
  }

  /// What to say of several models or layers in one table: which of its statistics depend on the scale of features.
  var remarkOnScale: String? {
    let columns = Set(columns)
    let measured = Statistics.entries.filter { entry in
      entry.shape.parts.contains { columns.contains(entry.column($0)) }
    }
    return Remark.scale(measured.map(\.id))?.text
  }

  private static func origin(of measures: JSONValue) -> [JSONValue.Member] {
    MeasurementsOrigin.ofRow.compactMap { name in
      MeasurementsOrigin.text(name, of: measures).map { .init(name, .string($0)) }
    }
  }

  /// Every number of the statistics, each followed by what is known about its certainty; `null` counts as a number.
  private static func numbers(in measures: JSONValue) -> [JSONValue.Member] {
    guard case .object(let members) = measures else { return [] }
    let certainty = RecordedCertainty(measures)
    return members.filter(MeasuresReader.isStatistic).flatMap { numbers($0, [], certainty) }
  }

  private static func numbers(
    _ member: JSONValue.Member, _ outer: [String], _ certainty: RecordedCertainty
  ) -> [JSONValue.Member] {
    let path = outer + [member.key]
    switch member.value {
    case .integer, .number, .null:
      let name = path.joined(separator: "_")
      return [.init(name, member.value)]
        + Certainty.allCases.compactMap { kind in
          guard let suffix = kind.suffix, let number = certainty.number(kind, path) else { return nil }
          return .init(name + suffix, .number(number))
        }
    case .object(let members): return members.flatMap { numbers($0, path, certainty) }
    default: return []
    }
  }

  /// All names once, each after its predecessor in the list where it first occurs.
  private static func merged(_ lists: [[String]]) -> [String] {
    var merged: [String] = []
    for list in lists where list != merged {
      var known = Set(merged)
      var place = 0
      for name in list {
        if known.insert(name).inserted {
          merged.insert(name, at: place)
          place += 1
        } else if let index = merged.firstIndex(of: name) {
          place = index + 1
        }
      }
    }
    return merged
  }

  /// Files of such tables. Those to which someone has added columns are not.
  static let own = OwnFile.csv { columns in
    guard columns.first == "name", let start = columns.firstIndex(of: Sizes.samples.id[...]) else { return false }
    return columns[start...].contains(Sizes.classes.id[...])
      && columns[start...].allSatisfy { column in
        MeasurementsOrigin.ofRow.contains(String(column))
          || Statistics.entries.contains { column == $0.id || column.hasPrefix($0.id + "_") }
      }
  }

  var csv: String {
    ([columns] + rows.map { row in columns.map { row[$0] ?? .null }.map(Self.field) })
      .map { $0.joined(separator: ",") + "\n" }.joined()
  }

  var json: JSONValue {
    .array(rows.map { row in .object(columns.map { .init($0, row[$0] ?? .null) }) })
  }

  private static func field(_ value: JSONValue) -> String {
    switch value {
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .string(let text): CSVField.text(text)
    default: ""
    }
  }
}
