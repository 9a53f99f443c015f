import Plan
import Support

/// Measurements of several models, layers or checkpoints as one table: a row each, for studies.
///
/// - Columns: `name`, the names of matrices, then every number of the measurements, in the order in which they are written;
///   those of an object are called after it too, `nc1_cdnv_mean`. A name of a matrix that is also that of a measurement, or
///   `name`, is called `matrix_tokens`.
/// - What a row does not have, or has as `null`, is empty. Texts, arrays (bands and types of classes) and what made the
///   measurements are left out.
/// - A number has the digits that its file has.
struct CollectedTable: Sendable, Equatable {
  /// One file of measurements.
  struct Row: Sendable {
    let name: String
    let values: [MatrixValue]
    let measures: JSONValue
  }

  /// Measurements of which a file says what made them.
  private static let leftOut = "provenance"

  private(set) var columns: [String]
  /// Fields by column; absent ones are empty.
  private(set) var rows: [[String: JSONValue]]

  init(_ rows: [Row]) {
    let numbers = rows.map { Self.numbers(in: $0.measures) }
    let measured = Self.merged(numbers.map { $0.map(\.key) })
    let taken = Set(measured + ["name"])
    func column(_ name: String) -> String { taken.contains(name) ? "matrix_\(name)" : name }
    columns = ["name"] + Self.merged(rows.map { $0.values.map { column($0.name) } }) + measured
    self.rows = zip(rows, numbers).map { row, numbers in
      let named = [("name", JSONValue.string(row.name))] + row.values.map { (column($0.name), .string($0.value)) }
      return Dictionary(named + numbers.map { ($0.key, $0.value) }) { first, _ in first }
    }
  }

  /// Every number of an object and of the objects in it, `null` standing for one.
  private static func numbers(in object: JSONValue, _ prefix: String = "") -> [JSONValue.Member] {
    guard case .object(let members) = object else { return [] }
    return members.flatMap { member -> [JSONValue.Member] in
      switch member.value {
      case .integer, .number, .null: [.init(prefix + member.key, member.value)]
      case .object where !(prefix.isEmpty && member.key == leftOut):
        numbers(in: member.value, "\(prefix)\(member.key)_")
      default: []
      }
    }
  }

  /// All names once, each after the one it first came after.
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
