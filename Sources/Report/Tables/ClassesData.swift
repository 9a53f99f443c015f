import Embeddings
import Foundation

/// The table of token classes as the page's script takes it: numbers in six digits.
enum ClassesData {
  /// Columns with nothing in them are left out.
  static func json(_ rows: ClassRows) -> String {
    let columns = rows.columns.compactMap { column -> String? in
      let (kind, values): (String, String)
      switch column.values {
      case .texts(let texts):
        guard texts.contains(where: { !$0.isEmpty }) else { return nil }
        (kind, values) = ("text", texts.map { JSONValue.string($0).line }.joined(separator: ","))
      case .numbers(let numbers):
        guard numbers.contains(where: { $0 != nil }) else { return nil }
        kind = column.entry.kind.rawValue
        values = numbers.map { number($0, isInteger: kind != "number") }.joined(separator: ",")
      }
      let name = JSONValue.string(column.entry.name).line
      let title = JSONValue.string(column.entry.title).line
      return #"{"name":\#(name),"title":\#(title),"kind":"\#(kind)","values":[\#(values)]}"#
    }
    return Escaped.script(json: #"{"rows":\#(rows.count),"columns":[\#(columns.joined(separator: ","))]}"#)
  }

  private static func number(_ number: Double?, isInteger: Bool) -> String {
    guard let number, number.isFinite else { return "null" }
    if isInteger, let integer = Int(exactly: number) { return "\(integer)" }
    return String(format: "%.6g", number)
  }
}
