import Embeddings

/// Lines of comma-separated fields, one after another, each field with its place.
struct CSVReader {
  private let file: String
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var line = 1
  private var lineStart = 0

  init(_ text: String, file: String) {
    self.file = file
    scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
  }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private var place: Table.Place { .init(file: file, line: line, column: index - lineStart + 1) }

  /// The fields of the next line that has any; nil at the end.
  mutating func next() throws -> [Table.Cell]? {
    while takeLineEnd() {}
    guard current != nil else { return nil }
    var fields = [try field()]
    while current == "," {
      index += 1
      fields.append(try field())
    }
    guard current == nil || takeLineEnd() else {
      throw error("a comma or the end of the line after a quoted field", "“\(current.map(String.init) ?? "")”")
    }
    return fields
  }

  private mutating func takeLineEnd() -> Bool {
    guard current == "\n" || current == "\r" else { return false }
    index += current == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n" ? 2 : 1
    line += 1
    lineStart = index
    return true
  }

  private mutating func field() throws -> Table.Cell {
    while current == " " || current == "\t" { index += 1 }
    let start = place
    guard current != "\"" else { return .init(try quoted(), start) }
    var text = String.UnicodeScalarView()
    while let scalar = current, scalar != ",", scalar != "\n", scalar != "\r" {
      guard scalar != "\"" else { throw error("quotes around a whole field", "a quote within one") }
      text.append(scalar)
      index += 1
    }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return .init(String(text), start)
  }

  private mutating func quoted() throws -> String {
    let start = place
    index += 1
    var text = String.UnicodeScalarView()
    while let scalar = current {
      if scalar == "\"" {
        index += 1
        guard current == "\"" else {
          while current == " " || current == "\t" { index += 1 }
          return String(text)
        }
      }
      if scalar == "\n" {
        line += 1
        lineStart = index + 1
      }
      text.append(scalar)
      index += 1
    }
    throw StudyError(
      Diagnosis(
        file: "\(start)", expected: "a quote at the end of a quoted field", found: "the end of the file",
        advice: "close the quote"))
  }

  private func error(_ expected: String, _ found: String) -> StudyError {
    StudyError(
      Diagnosis(
        file: "\(place)", expected: expected, found: found, advice: "quote the whole field, and double quotes in it"))
  }
}
