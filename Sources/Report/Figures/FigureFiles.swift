import Support

extension FigureData {
  /// Comma-separated, after a header line. Undefined values are empty; numbers read back exactly.
  var csv: String {
    let header = (names.map { [CSVField.text($0.column)] } ?? []) + columns.map { CSVField.text($0.name) }
    let lines = (0..<rows).map { row in
      (names.map { [CSVField.text($0.values[row])] } ?? []) + columns.map { Self.field($0.values[row]) }
    }
    return ([header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ number: Double?) -> String {
    guard let number else { return "" }
    return Int(exactly: number).map(String.init) ?? "\(number)"
  }
}
