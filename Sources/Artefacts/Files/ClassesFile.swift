import Geometry
import HDF5
import Storage
import Support

/// The table of classes as a file: HDF5 if its name ends in `.h5` or `.hdf5`, comma-separated otherwise.
///
/// In HDF5, each column is a dataset in `/classes`. Integers are int64, with −1 for undefined. Numbers are float64,
/// with NaN for undefined. Texts are UTF-8 strings of one length, empty for undefined. Attributes of the root:
/// `format`, `format_version`, `classes`, and the members of the measurements' provenance.
package enum ClassesFile {
  static let format = "collapse-classes"
  private static let version = 1
  /// Attributes that describe the file; the others record its provenance.
  static let ownAttributes = ["format", "format_version", "classes"]

  /// Tables of token classes, as CSV and as HDF5.
  package static let own = [
    OwnFile.csv { columns in
      let names = ClassColumnEntry.all.map(\.name)
      return columns.first == "token" && (columns.contains("norm") || columns.contains("count_a"))
        && columns.allSatisfy { names.contains(String($0)) }
    },
    ArtefactFormat.own(format),
  ]

  /// Begins the file, complete but for its name. Throws `StreamError` if it cannot be written.
  package static func begin(
    _ table: ClassTable, at path: String, provenance: JSONValue
  ) throws -> AtomicFile.Pending {
    guard endsAsHDF5(path) else { return try AtomicFile.begin(path, text: csv(table)) }
    return try AtomicFile.begin(path) { temporary in
      let file = try HDF5File(writing: temporary, for: path)
      try file.makeGroup("/classes")
      for column in table.columns { try write(column, to: file) }
      let attributes: [(String, HDF5Attribute)] = [
        ("format", .text(format)), ("format_version", .int(version)), ("classes", .int(table.tokens.count)),
      ]
      for (name, value) in attributes + self.attributes(of: provenance) { try file.setAttribute(name, value) }
      try file.flush()
    }
  }

  /// Starts with a header line. Undefined values are empty, and numbers have the fewest digits that read back the same.
  /// Texts are exact: the table is for programs, not for a spreadsheet, which may run a cell that begins with `=`.
  package static func csv(_ table: ClassTable) -> String {
    let fields = table.columns.map { column in
      switch column.values {
      case .integers(let values): values.map { $0?.description ?? "" }
      case .numbers(let values): values.map { $0?.description ?? "" }
      case .texts(let values): values.map { $0.map(CSVField.text) ?? "" }
      case .stored where column.entry.kind == .text: column.texts.map { $0.map(CSVField.text) ?? "" }
      case .stored: column.numbers.map { $0?.description ?? "" }
      }
    }
    let rows = table.tokens.indices.map { row in fields.map { $0[row] } }
    return ([table.columns.map(\.name)] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// Texts and integers unchanged; true as 1, false as 0.
  private static func attributes(of provenance: JSONValue) -> [(String, HDF5Attribute)] {
    guard case .object(let members) = provenance else { return [] }
    return members.compactMap { member in
      switch member.value {
      case .string(let text): (member.key, .text(text))
      case .integer(let number): (member.key, .int(number))
      case .boolean(let isTrue): (member.key, .int(isTrue ? 1 : 0))
      default: nil
      }
    }
  }

  private static func endsAsHDF5(_ path: String) -> Bool {
    [".h5", ".hdf5"].contains { path.lowercased().hasSuffix($0) }
  }

  private static func write(_ column: ClassColumn, to file: HDF5File) throws {
    let path = "/classes/\(column.name)"
    switch column.values {
    case .integers(let values):
      try file.makeDataset(path, .int64, shape: [values.count]).writeAll(values.map { Int64($0 ?? -1) }, .int64)
    case .numbers(let values):
      try file.makeDataset(path, .float64, shape: [values.count]).writeAll(values.map { $0 ?? .nan }, .float64)
    case .texts(let values): try file.writeTexts(path, values.map { $0 ?? "" })
    case .stored where column.entry.kind == .text: try file.writeTexts(path, column.texts.map { $0 ?? "" })
    case .stored:
      let values = column.numbers.map { $0 ?? .nan }
      try file.makeDataset(path, .float64, shape: [values.count]).writeAll(values, .float64)
    }
  }
}
