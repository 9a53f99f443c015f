import Artefacts
import Formats
import Geometry
import Samples
import Storage
import Support

/// An output head in a file, with its bias if it has one. It is read once, and its identity is that of all its rows.
struct ClassifierFile {
  private let head: MatrixFile
  private let bias: MatrixFile?

  /// Bytes of the head read at a time.
  private static let runBytes = 8 << 20

  /// Opens a head without a bias.
  init(_ reference: String) throws {
    head = try MatrixFile(TensorReference(reference))
    bias = nil
  }

  /// Opens head and bias, and checks that they fit the state and each other.
  init(_ reference: String, bias: String?, _ state: StateReader) throws {
    head = try MatrixFile(TensorReference(reference))
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

  /// V.
  var rows: Int { head.rows }
  /// d.
  var columns: Int { head.columns }
  /// Whether single precision holds the stored numbers exactly.
  var isSingle: Bool { head.typeName != "float64" }

  /// Reads the whole classifier. The digest identifies the head, the checksum head and bias.
  func read() throws -> (classifier: Classifier, digest: String, checksum: String) {
    let digest = HeadDigest()
    let numbers = try bias?.rows(of: (0..<Int32(head.rows)).map(\.self)).elements
    if let bias, let row = numbers?.firstIndex(where: { !($0.magnitude < 1e75) }) {
      throw StreamError(
        .nonfinite, file: bias.reference.description, position: "row \(row)", expected: "a number below 1e75",
        found: numbers.map { "\($0[row])" } ?? "", advice: "name the bias of a model whose training did not diverge")
    }
    var classifier = Classifier(dimension: head.columns, rows: isSingle ? head.rows : 0, bias: numbers)
    try forEachRun { rows in
      digest.update(rows)
      try ErrorInFile.naming(head.reference.description) { try classifier.append(rows) }
    }
    return (classifier, digest.value, digest.value(withBias: numbers))
  }

  /// The rows of some token ids, ascending and below V, and the identity of the whole head.
  func rows(of tokens: [Int32]) throws -> (rows: Matrix, digest: String) {
    let digest = HeadDigest()
    var elements: [Double] = []
    elements.reserveCapacity(tokens.count * columns)
    var (first, wanted) = (0, tokens[...])
    try forEachRun { rows in
      digest.update(rows)
      while let token = wanted.first, Int(token) < first + rows.rows {
        let start = (Int(token) - first) * columns
        elements += rows.elements[start..<start + columns]
        wanted = wanted.dropFirst()
      }
      first += rows.rows
    }
    return (Matrix(rows: tokens.count, columns: columns, elements: elements), digest.value)
  }

  /// Calls `body` with all rows of the head in order, some MiB at a time. Checks for cancellation after each run.
  private func forEachRun(_ body: (Matrix) throws -> Void) throws {
    try head.forEachRun(of: max(1, Self.runBytes / (columns * 8))) { rows in
      try body(rows)
      try Task.checkCancellation()
    }
  }
}
