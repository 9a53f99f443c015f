import Embeddings
import Foundation
import Geometry
import Streams

/// The table of token classes that `measure --classes` wrote, CSV or HDF5: a value a class in each column, nil where it is
/// undefined.
struct ClassRows: Sendable, Equatable {
  enum Values: Sendable, Equatable {
    case numbers([Double?])
    case texts([String])
  }

  struct Column: Sendable, Equatable {
    let entry: ClassColumnEntry
    let values: Values
  }

  private(set) var columns: [Column]
  let count: Int

  private static let kind = "the table of token classes"

  /// Reads it. Throws `StreamError`, `CSVError` or ``ReportError`` where it is none.
  init(_ file: String) throws {
    if try FileKind.of(file) == .hdf5 {
      (columns, count) = try Self.hdf5(file)
    } else {
      (columns, count) = try Self.csv(CommaSeparated(file, kind: Self.kind), file)
    }
  }

  private static func csv(_ table: CommaSeparated, _ file: String) throws -> ([Column], Int) {
    try check(table.columns, file)
    let columns = try table.columns.map { name -> Column in
      let (fields, entry) = (table.fields(name) ?? [], ClassColumnEntry.named(name))
      if entry.kind == .text { return Column(entry: entry, values: .texts(fields)) }
      let numbers = fields.map { Double($0) }
      if let row = fields.indices.first(where: { numbers[$0] == nil && !fields[$0].isEmpty }) {
        throw ReportError(
          .badInput,
          Diagnosis(
            file: table.place(row: row, column: name), expected: "a number or nothing in column “\(name)”",
            found: "“\(fields[row].prefix(40))”", advice: "name what measure wrote with --classes"))
      }
      return Column(entry: entry, values: .numbers(numbers))
    }
    return (columns, table.rows.count)
  }

  private static func hdf5(_ name: String) throws -> ([Column], Int) {
    let file = try HDF5File(reading: name)
    // A state of moments has a group of that name too, with token and count in it.
    if case .text(let format)? = file.attribute("format"), format != "collapse-classes" {
      throw ReportError(
        .badInput,
        Diagnosis(
          file: name, expected: "a table of token classes, of the format collapse-classes", found: "“\(format)”",
          advice: "name what measure wrote with --classes"))
    }
    let present = ClassColumnEntry.all.filter { file.contains("/classes/\($0.name)") }
    try check(present.map(\.name), name)
    let columns = try present.map { entry -> Column in
      let dataset = try file.dataset("/classes/\(entry.name)")
      if entry.kind == .text { return Column(entry: entry, values: .texts(try dataset.readTexts())) }
      if dataset.category == .integer {
        let integers = try dataset.readAll(.int64, of: Int64.self)
        return Column(entry: entry, values: .numbers(integers.map { $0 < 0 ? nil : Double($0) }))
      }
      let numbers = try dataset.readAll(.float64, of: Double.self)
      return Column(entry: entry, values: .numbers(numbers.map { $0.isNaN ? nil : $0 }))
    }
    let counts = Set(columns.map(\.count))
    guard counts.count == 1, let count = counts.first else {
      throw ReportError(
        .badInput,
        Diagnosis(
          file: name, position: "/classes", expected: "columns of one length",
          found: "\(counts.sorted().map(String.init).joined(separator: ", "))",
          advice: "name what measure wrote with --classes"))
    }
    return (columns, count)
  }

  private static func check(_ columns: [String], _ file: String) throws {
    guard columns.contains(ClassColumnEntry.token.name), columns.contains(ClassColumnEntry.count.name),
      Set(columns).count == columns.count
    else {
      throw ReportError(
        .badInput,
        Diagnosis(
          file: file, expected: "a table of token classes, with the columns token and count, each once",
          found: columns.isEmpty ? "no columns" : "the columns \(columns.prefix(20).joined(separator: ", "))",
          advice: "name what measure wrote with --classes"))
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
    return values
  }

  /// With the texts of tokens, where it has none yet.
  func naming(_ tokenizer: Tokenizer) -> ClassRows {
    guard self.texts(.text) == nil, let tokens = numbers(.token) else { return self }
    func texts(of tokens: [Double?]) -> [String] {
      tokens.map { $0.flatMap { Int32(exactly: $0) }.flatMap(tokenizer.text) ?? "" }
    }
    var named = self
    named.insert(Column(entry: .text, values: .texts(texts(of: tokens))), after: .token)
    if let nearest = numbers(.nearestToken) {
      named.insert(Column(entry: .nearestText, values: .texts(texts(of: nearest))), after: .nearestToken)
    }
    return named
  }

  private mutating func insert(_ column: Column, after entry: ClassColumnEntry) {
    let place = columns.firstIndex { $0.entry == entry }.map { $0 + 1 } ?? columns.endIndex
    columns.insert(column, at: place)
  }
}

extension ClassRows.Column {
  fileprivate var count: Int {
    switch values {
    case .numbers(let values): values.count
    case .texts(let values): values.count
    }
  }
}
