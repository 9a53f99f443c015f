import Foundation
import Support

/// The table of token classes as the page's script takes it: numbers in six digits.
enum ClassesData {
  private static let titles = [
    "token": "token", "text": "text", "type": "type", "count": "samples", "norm": "norm", "variance": "variance",
    "mean_cdnv": "mean CDNV", "nearest_token": "nearest", "nearest_text": "its text",
    "nearest_coherence": "its cosine", "cosine": "cos(w, m)", "nc4_samples": "NC4 samples", "nc4_hits": "NC4 hits",
  ]
  private static let integers: Set = ["token", "count", "nearest_token", "nc4_samples", "nc4_hits"]
  private static let ids: Set = ["token", "nearest_token"]

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
        kind = ids.contains(column.name) ? "id" : integers.contains(column.name) ? "integer" : "number"
        values = numbers.map { number($0, isInteger: kind != "number") }.joined(separator: ",")
      }
      let name = JSONValue.string(column.name).line
      let title = JSONValue.string(titles[column.name] ?? column.name).line
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
