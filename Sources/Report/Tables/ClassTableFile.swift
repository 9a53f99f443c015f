import Formats
import Foundation
import Geometry
import HDF5

/// The table of token classes that `measure --classes` wrote, CSV or HDF5.
extension ClassTable {
  private static let kind = "the table of token classes"

  /// Reads it. Throws `StreamError`, `CSVError` or ``ReportError`` if the file is not a class table.
  init(_ file: String) throws {
    if let table = try HDF5File(ifAny: file) {
      self.init(columns: try Self.hdf5(table))
    } else {
      self.init(columns: try Self.csv(CSVTable(file, kind: Self.kind), file))
    }
  }

  private static func csv(_ table: CSVTable, _ file: String) throws -> [ClassColumn] {
    try check(table.columns, file)
    return try table.columns.map { name -> ClassColumn in
      let (fields, entry) = (table.fields(name) ?? [], ClassColumnEntry.named(name))
      if entry.kind == .text { return ClassColumn(entry, .texts(fields)) }
      let numbers = fields.map { Double($0) }
      if let row = fields.indices.first(where: { numbers[$0] == nil && !fields[$0].isEmpty }) {
        throw ReportError(
          file: table.place(row: row, column: name), expected: "a number or nothing in column “\(name)”",
          found: "“\(fields[row].prefix(40))”", advice: "name a file that measure wrote with --classes")
      }
      return ClassColumn(entry, .numbers(numbers))
    }
  }

  private static func hdf5(_ file: HDF5File) throws -> [ClassColumn] {
    // A state of moments also has a group /classes, with token and count in it.
    if case .text(let format)? = file.attribute("format"), format != "collapse-classes" {
      throw ReportError(
        file: file.name, expected: "a table of token classes, with the format collapse-classes", found: "“\(format)”",
        advice: "name a file that measure wrote with --classes")
    }
    let present = ClassColumnEntry.all.filter { file.contains("/classes/\($0.name)") }
    try check(present.map(\.name), file.name)
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
        file: file.name, position: "/classes", expected: "columns of equal length",
        found: "\(counts.sorted().map(String.init).joined(separator: ", "))",
        advice: "name a file that measure wrote with --classes")
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
        advice: "name a file that measure wrote with --classes")
    }
  }

  /// Numbers of a column; nil if it is missing or empty.
  func numbers(_ entry: ClassColumnEntry) -> [Double?]? {
    guard case .numbers(let values)? = columns.first(where: { $0.entry == entry })?.values,
      values.contains(where: { $0 != nil })
    else { return nil }
    return values
  }

  /// Texts of a column; nil if it is missing.
  func texts(_ entry: ClassColumnEntry) -> [String]? {
    guard case .texts(let values)? = columns.first(where: { $0.entry == entry })?.values else { return nil }
    return values.map { $0 ?? "" }
  }

  /// Adds token texts and types, unless the table has texts: `text` after `token`, `nearest_text` after
  /// `nearest_token`.
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
