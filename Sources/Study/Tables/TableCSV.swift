import Support

extension Table {
  /// Reads comma-separated lines with ``CSVReader``; unquoted fields lose spaces at their ends.
  ///
  /// Throws `CSVError` if the lines are malformed, and ``StudyError`` if a name is given twice.
  package init(csv bytes: [UInt8], file: String) throws {
    var reader = try CSVReader(bytes, file: file)
    let header = reader.header.map { Cell($0, in: file) }
    var names: Set<String> = []
    for name in header where !name.text.isEmpty && !names.insert(name.text).inserted {
      throw StudyError(
        file: "\(name.place)", expected: "columns with different names", found: "“\(name.text)” again",
        advice: "rename one of them")
    }
    var columns = header.map { Column(name: $0.text, cells: []) }
    var rowCount = 0
    while let fields = try reader.next() {
      for (index, field) in fields.enumerated() { columns[index].cells.append(Cell(field, in: file)) }
      rowCount += 1
    }
    // A column without a name, such as the index that pandas writes, cannot be reached.
    self.init(columns: columns.filter { !$0.name.isEmpty }, rowCount: rowCount)
  }
}

extension Table.Cell {
  fileprivate init(_ field: CSVReader.Field, in file: String) {
    self.init(
      text: field.isQuoted ? field.text : field.text.trimmingSpaces,
      place: .init(file: file, line: Int(field.place.line), column: Int(field.place.column)))
  }
}
