import Artefacts
import Storage
import Study
import Support

/// The files of a study as one table, with checksums of their content.
struct StudyTables {
  let table: Table
  /// Warnings about models that metadata lack, and about files that do not record their heads.
  let notes: [String]
  let provenance: JSONValue

  /// No table of models is larger, in bytes.
  private static let largest = 64 << 20
  /// Bytes that a cell takes while the table grows.
  private static let bytesOfCell = 160
  /// Cells that any run has memory for.
  private static let mostUnplanned = 1 << 16

  /// - Parameter metadata: files whose columns are joined by name.
  init(_ files: [String], metadata: [String], nameColumn: String?) throws {
    var (table, notes): (Table, [String]) = (Table(), [])
    var (tableChecksums, metadataChecksums): ([String], [String]) = ([], [])
    for file in files {
      let (rows, checksum) = try Self.read(file, &notes)
      table = table.appending(rows)
      tableChecksums.append(checksum)
    }
    for file in metadata {
      let (more, checksum) = try Self.read(file, &notes)
      metadataChecksums.append(checksum)
      let joined = try ErrorInFile.naming(file) {
        try table.joining(more, by: nameColumn, identities: MeasurementsOrigin.ofRow)
      }
      table = joined.table
      if !joined.missing.isEmpty {
        notes.append(
          "\(joined.missing.count) of \(table.rowCount) models are not in \(file): \(Table.some(joined.missing))")
      }
    }
    try Self.checkHeads(table)
    (self.table, self.notes) = (table, notes)
    provenance = .object([
      .init("tool", .string("collapse \(collapseVersion)")),
      .init("tables_checksums", .array(tableChecksums.map(JSONValue.string))),
      .init("metadata_checksums", .array(metadataChecksums.map(JSONValue.string))),
    ])
  }

  /// The names of the columns of those files that exist, to read formulas with; nil if one can be read only once, as a
  /// pipe.
  static func columnNames(of files: [String]) -> ColumnNames? {
    let found = files.flatMap { (try? InputFiles.expand([$0])) ?? [] }
    guard !found.contains(where: FileBytes.isOnce) else { return nil }
    // Warnings are given when the tables are read to be studied.
    var notes: [String] = []
    return ColumnNames(found.flatMap { (try? read($0, &notes))?.table.columns.map(\.name) ?? [] })
  }

  /// A file's table and the checksum of its bytes, in one read: a pipe cannot be read twice.
  private static func read(_ file: String, _ notes: inout [String]) throws -> (table: Table, checksum: String) {
    let bytes = try WholeFile.bytes(file, limit: largest, kind: "a table of models")
    let most = bytes.count { [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, 0x0A, 0x0D].contains($0) } + 1
    if most > mostUnplanned {
      try MemoryBudget.check(file, needs: 2 * bytes.count + bytesOfCell * most, "for its \(most) cells")
    }
    let checksum = Checksum()
    checksum.update(bytes)
    return (try table(of: bytes, file, &notes), checksum.value)
  }

  /// A table in CSV, JSON or JSON lines, or measurements as a table of one row.
  private static func table(of bytes: [UInt8], _ file: String, _ notes: inout [String]) throws -> Table {
    let first = bytes.dropFirst(ByteOrderMark.length(in: bytes)).first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return try Table(csv: bytes, file: file) }
    let lines = try ErrorInFile.naming(file) { try JSONValue.lines(parsing: bytes, .withNonfinite) }
    guard lines.count == 1, let json = lines.first else { return try Table(json: .array(lines), file: file) }
    guard MeasuresReader.holds(json) else { return try Table(json: json, file: file) }
    if let warning = try MeasurementsOrigin.check(json, file) { notes.append("\(file) \(warning)") }
    return try Table(json: CollectedTable([.init(name: file, values: [], measures: json)]).json, file: file)
  }

  /// Refuses rows that files of two models were joined to.
  private static func checkHeads(_ table: Table) throws {
    let cells = [MeasurementsOrigin.head, MeasurementsOrigin.decisionsHead].map { name in
      table.columns.first { $0.name == name }?.cells ?? []
    }
    for (head, decided) in zip(cells[0], cells[1]) {
      guard let head, let decided, !head.isMissing, !decided.isMissing else { continue }
      try MeasurementsOrigin.checkHeads(head.text, decided.text, "\(decided.place)")
    }
  }
}
