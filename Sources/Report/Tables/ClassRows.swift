import Formats
import Foundation
import HDF5
import Support

/// The table of token classes that `measure --classes` wrote, CSV or HDF5: a value a class in each column, nil where it is
/// undefined.
struct ClassRows: Sendable, Equatable {
  enum Values: Sendable, Equatable {
    case numbers([Double?])
    case texts([String])
  }

  struct Column: Sendable, Equatable {
    let name: String
    let values: Values
  }

  private(set) var columns: [Column]
  let count: Int

  private static let texts: Set<String> = ["text", "type", "nearest_text"]
  private static let order = [
    "token", "text", "type", "count", "norm", "variance", "mean_cdnv", "nearest_token", "nearest_text",
    "nearest_coherence", "cosine", "nc4_samples", "nc4_hits",
  ]
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
      let fields = table.fields(name) ?? []
      if texts.contains(name) { return Column(name: name, values: .texts(fields)) }
      let numbers = fields.map { Double($0) }
      if let row = fields.indices.first(where: { numbers[$0] == nil && !fields[$0].isEmpty }) {
        throw ReportError(
          .badInput,
          Diagnosis(
            file: table.place(row: row, column: name), expected: "a number or nothing in column “\(name)”",
            found: "“\(fields[row].prefix(40))”", advice: "name what measure wrote with --classes"))
      }
      return Column(name: name, values: .numbers(numbers))
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
    let present = order.filter { file.contains("/classes/\($0)") }
    try check(present, name)
    let columns = try present.map { column -> Column in
      let dataset = try file.dataset("/classes/\(column)")
      if texts.contains(column) { return Column(name: column, values: .texts(try dataset.readTexts())) }
      if dataset.category == .integer {
        let integers = try dataset.readAll(.int64, of: Int64.self)
        return Column(name: column, values: .numbers(integers.map { $0 < 0 ? nil : Double($0) }))
      }
      let numbers = try dataset.readAll(.float64, of: Double.self)
      return Column(name: column, values: .numbers(numbers.map { $0.isNaN ? nil : $0 }))
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
    guard columns.contains("token"), columns.contains("count"), Set(columns).count == columns.count else {
      throw ReportError(
        .badInput,
        Diagnosis(
          file: file, expected: "a table of token classes, with the columns token and count, each once",
          found: columns.isEmpty ? "no columns" : "the columns \(columns.prefix(20).joined(separator: ", "))",
          advice: "name what measure wrote with --classes"))
    }
  }

  /// Numbers of a column; nil where there is none, or nothing in it.
  func numbers(_ name: String) -> [Double?]? {
    guard case .numbers(let values)? = columns.first(where: { $0.name == name })?.values,
      values.contains(where: { $0 != nil })
    else { return nil }
    return values
  }

  /// Texts of a column; nil where there is none.
  func texts(_ name: String) -> [String]? {
    guard case .texts(let values)? = columns.first(where: { $0.name == name })?.values else { return nil }
    return values
  }

  /// With the texts of tokens, where it has none yet.
  func naming(_ tokenizer: Tokenizer) -> ClassRows {
    guard self.texts("text") == nil, let tokens = numbers("token") else { return self }
    func texts(of tokens: [Double?]) -> [String] {
      tokens.map { $0.flatMap { Int32(exactly: $0) }.flatMap(tokenizer.text) ?? "" }
    }
    var named = self
    named.insert(Column(name: "text", values: .texts(texts(of: tokens))), after: "token")
    if let nearest = numbers("nearest_token") {
      named.insert(Column(name: "nearest_text", values: .texts(texts(of: nearest))), after: "nearest_token")
    }
    return named
  }

  private mutating func insert(_ column: Column, after name: String) {
    let place = columns.firstIndex { $0.name == name }.map { $0 + 1 } ?? columns.endIndex
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
