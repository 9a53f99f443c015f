import Artefacts
import Formats
import Geometry
import Storage
import Support

/// An output head in a file, with its bias if it has one.
struct ClassifierFile {
  private let head: MatrixFile
  private let bias: MatrixFile?

  /// Bytes of the head read at a time.
  private static let runBytes = 8 << 20

  /// Opens head and bias, and checks that they fit the state and each other.
  ///
  /// - Parameter rows: how the head is stored, if the user says.
  init(_ reference: String, rows: ClassifierRows?, bias: String?, _ state: StateReader) throws {
    head = try MatrixFile(head: TensorReference(reference), dimension: state.dimension, rows: rows)
    self.bias = try bias.map { try MatrixFile(TensorReference($0), .column) }
    try ErrorInFile.naming(reference) {
      guard head.columns == state.dimension else {
        throw GeometryError.classifierDimension(expected: state.dimension, found: head.columns)
      }
      guard head.rows <= Int(Int32.max) else {
        throw GeometryError.classifierRows(expected: state.provenance.vocabulary, found: head.rows)
      }
    }
    guard let bias, let file = self.bias, file.rows != head.rows else { return }
    try ErrorInFile.naming(bias) { throw GeometryError.biasLength(expected: head.rows, found: file.rows) }
  }

  /// Which arrays they are, in words.
  var choice: String { "classifier: \(head.choice)" + (bias.map { "; bias: \($0.choice)" } ?? "") }
  /// V.
  var rows: Int { head.rows }
  /// Whether single precision holds the stored numbers exactly.
  var isSingle: Bool { head.typeName != "float64" }

  /// Reads the whole classifier; the checksum is that of its numbers, whatever the file format.
  func read() throws -> (classifier: Classifier, checksum: String) {
    let checksum = Checksum()
    let numbers = try bias?.rows(of: (0..<Int32(head.rows)).map(\.self)).elements
    if let bias, let row = numbers?.firstIndex(where: { !($0.magnitude < 1e75) }) {
      throw StreamError(
        .nonfinite, file: bias.reference.description, position: "row \(row)", expected: "a number below 1e75",
        found: numbers.map { "\($0[row])" } ?? "", advice: "name the bias of a model whose training did not diverge")
    }
    var classifier = Classifier(dimension: head.columns, rows: isSingle ? head.rows : 0, bias: numbers)
    try head.forEachRun(of: max(1, Self.runBytes / (head.columns * 8))) { rows in
      checksum.update(rows.elements)
      try ErrorInFile.naming(head.reference.description) { try classifier.append(rows) }
      try Task.checkCancellation()
    }
    if let numbers { checksum.update(numbers) }
    return (classifier, checksum.value)
  }
}
