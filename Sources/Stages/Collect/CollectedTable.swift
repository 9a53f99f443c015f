import Artefacts
import Plan
import Support

/// Measurements of several models, layers or checkpoints as one table for studies, one row each.
///
/// - Columns: `name`, the matrix variables, then every number of the measurements in the order written. Numbers of an
///   object have its name as a prefix: `nc1_cdnv_mean`. A matrix variable named like a measurement or `name` gets a
///   prefix: `matrix_tokens`.
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
    let measures: JSONValue
  }

  private(set) var columns: [String]
  /// Fields by column; missing ones are empty.
  private(set) var rows: [[String: JSONValue]]

  init(_ rows: [Row]) {
    let numbers = rows.map { Self.numbers(in: $0.measures) + Self.origin(of: $0.measures) }
    let measured = Self.merged(numbers.map { $0.map(\.key) })
    let taken = Set(measured + ["name"])
    func column(_ name: String) -> String { taken.contains(name) ? "matrix_\(name)" : name }
    columns = ["name"] + Self.merged(rows.map { $0.values.map { column($0.name) } }) + measured
    self.rows = zip(rows, numbers).map { row, numbers in
      let named = [("name", JSONValue.string(row.name))] + row.values.map { (column($0.name), .string($0.value)) }
      return Dictionary(named + numbers.map { ($0.key, $0.value) }) { first, _ in first }
    }
  }

  private static func origin(of measures: JSONValue) -> [JSONValue.Member] {
    MeasurementsOrigin.ofRow.compactMap { name in
      MeasurementsOrigin.text(name, of: measures).map { .init(name, .string($0)) }
    }
  }

  /// Every number of an object and of its nested objects; `null` counts as a number.
  private static func numbers(in object: JSONValue, _ prefix: String = "") -> [JSONValue.Member] {
    guard case .object(let members) = object else { return [] }
    return members.flatMap { member -> [JSONValue.Member] in
      switch member.value {
      case .integer, .number, .null: [.init(prefix + member.key, member.value)]
      case .object where !(prefix.isEmpty && member.key == MeasurementsOrigin.member):
        numbers(in: member.value, "\(prefix)\(member.key)_")
      default: []
      }
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
