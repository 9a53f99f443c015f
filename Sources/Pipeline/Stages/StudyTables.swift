import Embeddings
import Streams
import Study

/// The files of a study as one table, and by what content it is known later.
struct StudyTables {
  let table: Table
  /// What does not fit together.
  let notes: [String]
  let provenance: JSONValue

  /// Larger files, in bytes, are no tables of models.
  private static let largest = 64 << 20

  /// - Parameter metadata: files whose columns are joined by name.
  init(_ files: [String], metadata: [String], nameColumn: String?) throws {
    var (table, notes): (Table, [String]) = (Table(), [])
    for file in files { table = table.appending(try Self.read(file)) }
    for file in metadata {
      let more = try Self.read(file)
      table = try table.joining(more, by: nameColumn)
      let names = more.columns.map(\.name)
      if table.columns.contains(where: { names.contains($0.name) && $0.cells.allSatisfy { $0 == nil } }) {
        notes.append("no model of the table is in \(file)")
      }
    }
    (self.table, self.notes) = (table, notes)
    provenance = .object([
      .init("tool", .string("collapse \(collapseVersion)")),
      .init("tables_checksums", .array(try files.map { .string(try FileDigest.of($0)) })),
      .init("metadata_checksums", .array(try metadata.map { .string(try FileDigest.of($0)) })),
    ])
  }

  /// A table in CSV or JSON, or measurements as a table of one row.
  private static func read(_ file: String) throws -> Table {
    let bytes = try WholeFile.bytes(file, limit: largest, kind: "a table of models")
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return try Table(csv: bytes, file: file) }
    let json = try ErrorInFile.naming(file) { try JSONValue(parsing: bytes) }
    guard case .object = json, json["tokens"] != nil else { return try Table(json: json, file: file) }
    return try Table(json: CollectedTable([.init(name: file, values: [], measures: json)]).json, file: file)
  }
}
