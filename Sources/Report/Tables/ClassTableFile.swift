import Formats
import Foundation
import Geometry
import HDF5

/// The table of token classes that `measure --classes` wrote, CSV or HDF5.
extension ClassTable {
  private static let kind = "the table of token classes"

  /// Reads it. Throws `StreamError`, `CSVError` or ``ReportError`` where it is none.
  init(_ file: String) throws {
    if try FileKind.of(file) == .hdf5 {
      self.init(columns: try Self.hdf5(file))
    } else {
      self.init(columns: try Self.csv(CommaSeparated(file, kind: Self.kind), file))
    }
  }

  private static func csv(_ table: CommaSeparated, _ file: String) throws -> [ClassColumn] {
    try check(table.columns, file)
    return try table.columns.map { name -> ClassColumn in
      let (fields, entry) = (table.fields(name) ?? [], ClassColumnEntry.named(name))
      if entry.kind == .text { return ClassColumn(entry, .texts(fields)) }
      let numbers = fields.map { Double($0) }
      if let row = fields.indices.first(where: { numbers[$0] == nil && !fields[$0].isEmpty }) {
        throw ReportError(
          file: table.place(row: row, column: name), expected: "a number or nothing in column “\(name)”",
          found: "“\(fields[row].prefix(40))”", advice: "name what measure wrote with --classes")
      }
      return ClassColumn(entry, .numbers(numbers))
    }
  }

  private static func hdf5(_ name: String) throws -> [ClassColumn] {
    let file = try HDF5File(reading: name)
    // A state of moments has a group of that name too, with token and count in it.
    if case .text(let format)? = file.attribute("format"), format != "collapse-classes" {
      throw ReportError(
        file: name, expected: "a table of token classes, of the format collapse-classes", found: "“\(format)”",
        advice: "name what measure wrote with --classes")
    }
    let present = ClassColumnEntry.all.filter { file.contains("/classes/\($0.name)") }
    try check(present.map(\.name), name)
    let columns = try present.map { entry -> ClassColumn in
      let dataset = try file.dataset("/classes/\(entry.name)")
      if entry.kind == .text { return ClassColumn(entry, .texts(try dataset.readTexts())) }
      if dataset.category == .integer {
        let integers = try dataset.readAll(.int64, of: Int64.self)
        return ClassColumn(entry, .numbers(integers.map { $0 < 0 ? nil : Double($0) }))
      }
      let numbers = try dataset.readAll(.float64, of: Double.self)
      return ClassColumn(entry, .numbers(numbers.map { $0.isNaN ? nil : $0 }))
    }
    let counts = Set(columns.map(\.rows))
    guard counts.count == 1 else {
      throw ReportError(
        file: name, position: "/classes", expected: "columns of one length",
        found: "\(counts.sorted().map(String.init).joined(separator: ", "))",
        advice: "name what measure wrote with --classes")
    }
    return columns
  }

  private static func check(_ columns: [String], _ file: String) throws {
    guard columns.contains(ClassColumnEntry.token.name), columns.contains(ClassColumnEntry.count.name),
      Set(columns).count == columns.count
    else {
      throw ReportError(
        file: file, expected: "a table of token classes, with the columns token and count, each once",
        found: columns.isEmpty ? "no columns" : "the columns \(columns.prefix(20).joined(separator: ", "))",
        advice: "name what measure wrote with --classes")
    }
  }

  /// Numbers of a column; nil where there is none, or nothing in it.
  func numbers(_ entry: ClassColumnEntry) -> [Double?]? {
    guard case .numbers(let values)? = columns.first(where: { $0.entry == entry })?.values,
      values.contains(where: { $0 != nil })
    else { return nil }
    return values
  }

  /// Texts of a column; nil where there is none.
  func texts(_ entry: ClassColumnEntry) -> [String]? {
    guard case .texts(let values)? = columns.first(where: { $0.entry == entry })?.values else { return nil }
    return values.map { $0 ?? "" }
  }

  /// With what tokens stand for, unless it says so: `text` after `token`, `nearest_text` after `nearest_token`; and with their
  /// types.
  package func naming(_ tokenizer: Tokenizer, types: Bool = false) -> ClassTable {
    guard texts(.text) == nil else { return self }
    func naming(_ table: ClassTable, _ tokens: ClassColumnEntry, _ entry: ClassColumnEntry, _ name: (Int32) -> String?)
      -> ClassTable
    {
      guard let column = table.columns.first(where: { $0.entry == tokens }) else { return table }
      let names = column.numbers.map { $0.flatMap { Int32(exactly: $0) }.flatMap(name) }
      return table.inserting(ClassColumn(entry, .texts(names)), after: tokens)
    }
    let typed = types ? naming(self, .token, .type) { tokenizer.type(of: $0)?.rawValue } : self
    return naming(naming(typed, .token, .text, tokenizer.text), .nearestToken, .nearestText, tokenizer.text)
  }
}
