import Foundation
import Geometry
import Support

/// The table of token classes for the page's script, with numbers in six digits.
enum ClassesData {
  /// Empty columns are left out.
  static func json(_ classes: ClassTable) -> String {
    let columns = classes.columns.compactMap { column -> String? in
      let kind = column.entry.kind
      let values: [String]
      if kind == .text {
        guard column.texts.contains(where: { $0?.isEmpty == false }) else { return nil }
        values = column.texts.map { JSONValue.string($0 ?? "").line }
      } else {
        guard column.numbers.contains(where: { $0 != nil }) else { return nil }
        values = column.numbers.map { number($0, isInteger: kind != .number) }
      }
      let name = JSONValue.string(column.entry.name).line
      let title = JSONValue.string(column.entry.title).line
      return #"{"name":\#(name),"title":\#(title),"kind":"\#(kind)","values":[\#(values.joined(separator: ","))]}"#
    }
    return Escaped.script(json: #"{"rows":\#(classes.rows),"columns":[\#(columns.joined(separator: ","))]}"#)
  }

  private static func number(_ number: Double?, isInteger: Bool) -> String {
    guard let number, number.isFinite else { return "null" }
    if isInteger, let integer = Int(exactly: number) { return "\(integer)" }
    return String(format: "%.6g", number)
  }
}
