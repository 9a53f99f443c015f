import Embeddings

extension Table {
  /// Reads comma-separated lines as RFC 4180 has them, the first of which names columns.
  ///
  /// - A byte order mark, CRLF, lines without anything and a last line without an end are fine. Quoted fields may hold
  ///   commas, lines' ends and quotes, which are doubled.
  /// - Fields lose spaces at their ends, unless they are quoted.
  /// - Throws ``StudyError`` at a line of another number of fields, at a name given twice, and at a quote that is out
  ///   of place.
  public init(csv bytes: [UInt8], file: String) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StudyError(
        Diagnosis(
          file: file, expected: "text in UTF-8", found: "other bytes",
          advice: "save the table as CSV in UTF-8"))
    }
    var reader = CSVReader(text, file: file)
    guard let header = try reader.next() else {
      throw StudyError(
        Diagnosis(file: file, expected: "a line that names columns", found: "nothing", advice: "name another file"))
    }
    var columns: [Column] = []
    for name in header {
      guard name.text.isEmpty || !columns.contains(where: { $0.name == name.text }) else {
        throw StudyError(
          Diagnosis(
            file: "\(name.place)", expected: "columns with names of their own", found: "“\(name.text)” again",
            advice: "rename one of them"))
      }
      columns.append(Column(name: name.text, cells: []))
    }
    var rowCount = 0
    while let cells = try reader.next() {
      guard cells.count == columns.count else {
        let place = (cells.count > columns.count ? cells[columns.count] : cells[cells.count - 1]).place
        throw StudyError(
          Diagnosis(
            file: "\(place)", expected: "\(columns.count) fields, as the first line has", found: "\(cells.count)",
            advice: "check for a missing comma, or quote a field that holds one"))
      }
      for (index, cell) in cells.enumerated() { columns[index].cells.append(cell) }
      rowCount += 1
    }
    // A column without a name, as pandas writes of its index, is not reachable.
    self.init(columns: columns.filter { !$0.name.isEmpty }, rowCount: rowCount)
  }
}
