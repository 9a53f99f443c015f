import Geometry
import HDF5
import Storage
import Support

/// Reads a table of token classes that ``ClassesFile`` wrote, CSV or HDF5 by its content.
package struct ClassesReader {
  package let table: ClassTable
  private let container: String
  /// The provenance in an HDF5 file.
  private let made: [JSONValue.Member]

  /// Reads a file. Throws `StreamError` or `CSVError` if it is not a class table.
  package init(_ name: String) throws {
    if let file = try HDF5File(ifAny: name) {
      table = ClassTable(columns: try Self.columns(file))
      (container, made) = ("HDF5", file.attributes.filter { !ClassesFile.ownAttributes.contains($0.key) })
    } else {
      let file = try CSVTable(name, kind: "the table of token classes")
      (table, container, made) = (ClassTable(columns: try Self.columns(file, name)), "CSV", [])
    }
  }

  private static func columns(_ table: CSVTable, _ file: String) throws -> [ClassColumn] {
    try check(table.columns, file)
    return try table.columns.map { name -> ClassColumn in
      let (fields, entry) = (table.fields(name) ?? [], ClassColumnEntry.named(name))
      if entry.kind == .text { return ClassColumn(entry, .texts(fields)) }
      let numbers = fields.map { Double($0) }
      if let row = fields.indices.first(where: { numbers[$0] == nil && !fields[$0].isEmpty }) {
        throw bad(
          table.place(row: row, column: name), expected: "a number or nothing in column “\(name)”",
          found: "“\(fields[row].prefix(40))”")
      }
      return ClassColumn(entry, .numbers(numbers))
    }
  }

  private static func columns(_ file: HDF5File) throws -> [ClassColumn] {
    // A state of moments also has a group /classes, with token and count in it.
    if case .text(let format)? = file.attribute("format"), format != ClassesFile.format {
      throw bad(
        file.name, expected: "a table of token classes, with the format \(ClassesFile.format)", found: "“\(format)”")
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
      throw bad(
        file.name, position: "/classes", expected: "columns of equal length",
        found: "\(counts.sorted().map(String.init).joined(separator: ", "))")
    }
    return columns
  }

  /// Whether columns with these names form a table of token classes.
  fileprivate static func holds(_ columns: [String]) -> Bool {
    columns.contains(ClassColumnEntry.token.name) && columns.contains(ClassColumnEntry.count.name)
      && Set(columns).count == columns.count
  }

  private static func check(_ columns: [String], _ file: String) throws {
    guard holds(columns) else {
      throw bad(
        file, expected: "a table of token classes, with the columns token and count, each once",
        found: columns.isEmpty ? "no columns" : "the columns \(columns.prefix(20).joined(separator: ", "))")
    }
  }

  private static func bad(_ file: String, position: String? = nil, expected: String, found: String) -> StreamError {
    StreamError(
      .unknownFormat, file: file, position: position, expected: expected, found: found,
      advice: "name a file that measure wrote with --classes")
  }
}

extension ClassesReader: ArtefactKind {
  /// A CSV file is recognized by its header line.
  static func recognizes(_ start: ArtefactStart) -> Bool {
    if let file = start.hdf5 { return file.attribute("format") == .text(ClassesFile.format) }
    guard let line = start.bytes.split(maxSplits: 1, whereSeparator: { [0x0A, 0x0D].contains($0) }).first,
      let header = try? CSVReader(Array(line), file: start.name).header
    else { return false }
    return holds(header.map(\.text))
  }

  var facts: [(String, JSONValue)] {
    let tokens = (table[.token]?.numbers ?? []).compactMap { $0 }
    let samples = (table[.count]?.numbers ?? []).reduce(0) { $0 + ($1 ?? 0) }
    func integer(_ number: Double?) -> JSONValue { number.flatMap { Int(exactly: $0) }.map { .integer($0) } ?? .null }
    return [
      ("kind", .string("table of token classes (\(container))")),
      ("samples", integer(samples)),
      ("classes", .integer(table.rows)),
      ("smallest_token", integer(tokens.min())),
      ("largest_token", integer(tokens.max())),
      ("columns", .array(table.columns.map { .string($0.name) })),
    ] + made.map { ($0.key, $0.value) }
  }
}
