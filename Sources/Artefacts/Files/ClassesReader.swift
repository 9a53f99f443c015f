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
    let entries = table.columns.map(ClassColumnEntry.named)
    var held = entries.map { HeldNumbers($0, rows: table.rowCount) }
    try table.scanRows { row, fields, text in
      for (column, entry) in entries.enumerated() where entry.kind != .text {
        let text = try text(fields[column])
        let number = Double(text)
        guard number != nil || text.isEmpty else {
          throw bad(
            try table.place(row: row, column: entry.name), expected: "a number or nothing in column “\(entry.name)”",
            found: "“\(text.prefix(40))”")
        }
        held[column].add(number, bytes: text.utf8.count)
      }
    }
    return zip(entries, held).map { entry, held in
      ClassColumn(entry, .stored(CSVClassColumn(table: table, name: entry.name, held: held.numbers)))
    }
  }

  /// The numbers of a column, as long as they take no more than twice the memory of their texts.
  private struct HeldNumbers {
    private(set) var numbers: OptionalNumbers?
    private var bytes = 0

    init(_ entry: ClassColumnEntry, rows: Int) {
      numbers = entry.kind == .text ? nil : OptionalNumbers(capacity: rows)
    }

    mutating func add(_ number: Double?, bytes count: Int) {
      bytes += count
      numbers?.append(number)
      guard let rows = numbers?.count, rows % 4096 == 0 || rows < 0, bytes < 4 * rows else { return }
      numbers = nil
    }
  }

  private static func columns(_ file: HDF5File) throws -> [ClassColumn] {
    // A state of moments also has a group /classes, with token and count in it.
    if case .text(let format)? = file.attribute("format"), format != ClassesFile.format {
      throw bad(
        file.name, expected: "a table of token classes, with the format \(ClassesFile.format)", found: "“\(format)”")
    }
    let present = try ClassColumnEntry.all.filter { try file.contains("/classes/\($0.name)") }
    try check(present.map(\.name), file.name)
    let columns = try present.map { entry -> ClassColumn in
      let dataset = try file.dataset("/classes/\(entry.name)")
      // Chunks may be compressed, or not stored at all, so the file's size does not bound its columns.
      let width = entry.kind == .text ? 2 * dataset.elementBytes + 32 : 24
      let (bytes, overflow) = (dataset.shape.first ?? 0).multipliedReportingOverflow(by: width)
      try MemoryBudget.check(file.name, needs: overflow ? .max : bytes, "for its column \(entry.name)")
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
    let counts = [ClassColumnEntry.count, .countA].map(\.name)
    return columns.contains(ClassColumnEntry.token.name) && counts.contains(where: columns.contains)
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
      advice: "name a file that measure or compare wrote with --classes")
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
    let tokens = (table[.token]?.numbers ?? OptionalNumbers()).lazy.compactMap { $0 }
    let samples = ((table[.count] ?? table[.countA])?.numbers ?? OptionalNumbers()).reduce(0) { $0 + ($1 ?? 0) }
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

/// A column of a CSV file.
private struct CSVClassColumn: StoredClassColumn {
  let table: CSVTable
  let name: String
  let held: OptionalNumbers?

  var rows: Int { table.rowCount }

  // The table was read to its end before, so its texts are there.
  func numbers() -> OptionalNumbers { held ?? (try? table.numbers(name)) ?? OptionalNumbers() }

  func forEachText(_ body: (String?) throws -> Void) rethrows {
    try table.forEachChecked(in: name) { try body($0) }
  }
}
