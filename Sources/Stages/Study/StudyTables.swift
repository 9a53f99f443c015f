import Artefacts
import Storage
import Study
import Support

/// The files of a study as one table, with checksums of their content.
struct StudyTables {
  let table: Table
  /// Warnings about metadata that match no model.
  let notes: [String]
  let provenance: JSONValue

  /// No table of models is larger, in bytes.
  private static let largest = 64 << 20

  /// - Parameter metadata: files whose columns are joined by name.
  init(_ files: [String], metadata: [String], nameColumn: String?) throws {
    var (table, notes): (Table, [String]) = (Table(), [])
    var (tableChecksums, metadataChecksums): ([String], [String]) = ([], [])
    for file in files {
      let (rows, checksum) = try Self.read(file)
      table = table.appending(rows)
      tableChecksums.append(checksum)
    }
    for file in metadata {
      let (more, checksum) = try Self.read(file)
      metadataChecksums.append(checksum)
      table = try table.joining(more, by: nameColumn)
      let names = more.columns.map(\.name)
      if table.columns.contains(where: { names.contains($0.name) && $0.cells.allSatisfy { $0 == nil } }) {
        notes.append("no model of the table is in \(file)")
      }
    }
    (self.table, self.notes) = (table, notes)
    provenance = .object([
      .init("tool", .string("collapse \(collapseVersion)")),
      .init("tables_checksums", .array(tableChecksums.map(JSONValue.string))),
      .init("metadata_checksums", .array(metadataChecksums.map(JSONValue.string))),
    ])
  }

  /// A file's table and the checksum of its bytes, in one read: a pipe cannot be read twice.
  private static func read(_ file: String) throws -> (table: Table, checksum: String) {
    let bytes = try WholeFile.bytes(file, limit: largest, kind: "a table of models")
    let checksum = Checksum()
    checksum.update(bytes)
    return (try table(of: bytes, file), checksum.value)
  }

  /// A table in CSV or JSON, or measurements as a table of one row.
  private static func table(of bytes: [UInt8], _ file: String) throws -> Table {
    let first = bytes.dropFirst(ByteOrderMark.length(in: bytes)).first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return try Table(csv: bytes, file: file) }
    let json = try ErrorInFile.naming(file) { try JSONValue(parsing: bytes) }
    guard MeasuresReader.holds(json) else { return try Table(json: json, file: file) }
    return try Table(json: CollectedTable([.init(name: file, values: [], measures: json)]).json, file: file)
  }
}
