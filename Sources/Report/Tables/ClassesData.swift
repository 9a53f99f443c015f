import Foundation
import Geometry
import Support

/// The table of token classes for the page's script, with numbers in six digits.
struct ClassesData: Sendable {
  private let classes: ClassTable

  init(_ classes: ClassTable) { self.classes = classes }

  /// Writes the table as JSON, safe inside a script, piece by piece. Empty columns are left out.
  /// Texts are shown by ``VisibleText``; the file that `measure` wrote has them exactly.
  func write(_ body: (String) throws -> Void) rethrows {
    var writer = Pieces()
    try writer.add(#"{"rows":\#(classes.rows),"columns":["#, body)
    var isFirst = true
    for column in classes.columns {
      guard Self.holdsSome(column) else { continue }
      let (name, title) = (JSONValue.string(column.entry.name).line, JSONValue.string(column.entry.title).line)
      try writer.add(isFirst ? "" : ",", body)
      try writer.add(#"{"name":\#(name),"title":\#(title),"kind":"\#(column.entry.kind)","values":["#, body)
      isFirst = false
      try Self.write(column, to: &writer, body)
      try writer.add("]}", body)
    }
    try writer.add("]}", body)
    try writer.flush(body)
  }

  private static func holdsSome(_ column: ClassColumn) -> Bool {
    guard column.entry.kind == .text else { return column.numbers.contains { $0 != nil } }
    var holds = false
    column.forEachText { if $0?.isEmpty == false { holds = true } }
    return holds
  }

  private static func write(_ column: ClassColumn, to writer: inout Pieces, _ body: (String) throws -> Void) rethrows {
    var between = ""
    if column.entry.kind == .text {
      try column.forEachText { text in
        try writer.add(between + JSONValue.string(VisibleText.line(text ?? "")).line, body)
        between = ","
      }
    } else {
      for number in column.numbers {
        try writer.add(between, body)
        try writer.add(Self.number(number, isInteger: column.entry.kind != .number), body)
        between = ","
      }
    }
  }

  private static func number(_ number: Double?, isInteger: Bool) -> String {
    guard let number, number.isFinite else { return "null" }
    if isInteger, let integer = Int(exactly: number) { return "\(integer)" }
    return String(format: "%.6g", number)
  }

  /// Text that is passed on in large pieces.
  private struct Pieces {
    private var text = ""
    private static let size = 1 << 16

    mutating func add(_ more: String, _ body: (String) throws -> Void) rethrows {
      text += more
      if text.utf8.count >= Self.size { try flush(body) }
    }

    mutating func flush(_ body: (String) throws -> Void) rethrows {
      try body(Escaped.script(json: text))
      text.removeAll(keepingCapacity: true)
    }
  }
}
