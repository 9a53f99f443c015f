import Formats
import Geometry
import Samples
import Storage
import Support

/// An output head in a file, with an optional bias.
package struct ClassifierFile: Sendable {
  private let head: MatrixFile
  private let bias: MatrixFile?

  /// Bytes of the head read at a time.
  private static let runBytes = 8 << 20

  /// Opens head and bias, and checks that they have the same number of rows.
  package init(_ reference: String, bias: String? = nil) throws {
    head = try MatrixFile(TensorReference(reference))
    self.bias = try bias.map { try MatrixFile(TensorReference($0), .column) }
    guard let bias, let file = self.bias, file.rows != head.rows else { return }
    try ErrorInFile.naming(bias) { throw GeometryError.biasLength(expected: head.rows, found: file.rows) }
  }

  /// V, the number of token ids.
  package var rows: Int { head.rows }
  /// d, the dimension of features.
  package var dimension: Int { head.columns }
  /// Whether single precision holds the stored numbers exactly.
  package var isSingle: Bool { head.typeName != "float64" }
  private var name: String { head.reference.description }

  /// Throws if it cannot classify features of this dimension.
  ///
  /// - Parameter vocabulary: V of the samples, for the message.
  package func check(dimension: Int, vocabulary: Int) throws {
    try ErrorInFile.naming(name) {
      guard head.columns == dimension else {
        throw GeometryError.classifierDimension(expected: dimension, found: head.columns)
      }
      guard head.rows <= Int(Int32.max) else {
        throw GeometryError.classifierRows(expected: vocabulary, found: head.rows)
      }
    }
  }

  /// The rows of the selected classes, [K × d].
  package func rows(of selection: ClassSelection) throws -> Matrix {
    try ErrorInFile.naming(name) { try selection.checkHead(rows: head.rows, columns: head.columns) }
    let rows = try head.rows(of: selection.tokens)
    guard let bad = rows.elements.firstIndex(where: { !$0.isFinite }) else { return rows }
    throw StreamError(
      .nonfinite, file: name, position: "row \(selection.tokens[bad / rows.columns])", expected: "finite numbers",
      found: "\(rows.elements[bad])", advice: "use the output head of a model whose training did not diverge")
  }

  /// Reads the whole classifier. The checksum covers its numbers, so it does not depend on the file format.
  package func read() throws -> (classifier: Classifier, checksum: String) {
    let checksum = Checksum()
    let numbers = try bias?.rows(of: (0..<Int32(head.rows)).map(\.self)).elements
    if let bias, let row = numbers?.firstIndex(where: { !($0.magnitude < 1e75) }) {
      throw StreamError(
        .nonfinite, file: bias.reference.description, position: "row \(row)", expected: "a number below 1e75",
        found: numbers.map { "\($0[row])" } ?? "", advice: "use the bias of a model whose training did not diverge")
    }
    var classifier = Classifier(dimension: head.columns, rows: isSingle ? head.rows : 0, bias: numbers)
    try head.forEachRun(of: max(1, Self.runBytes / (head.columns * 8))) { rows in
      checksum.update(rows.elements)
      try ErrorInFile.naming(name) { try classifier.append(rows) }
      try Task.checkCancellation()
    }
    if let numbers { checksum.update(numbers) }
    return (classifier, checksum.value)
  }
}
