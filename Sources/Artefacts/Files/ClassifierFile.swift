import Deciding
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
  ///
  /// - Parameters:
  ///   - dimension: d, by which a head that is stored d × V is recognized; nil for a head that must be V × d.
  ///   - rows: how the head is stored, if the user says.
  package init(
    _ reference: String, bias: String? = nil, dimension: Int? = nil, rows: ClassifierRows? = nil
  ) throws {
    let named = TensorReference(reference)
    head = try dimension.map { try MatrixFile(head: named, dimension: $0, rows: rows) } ?? MatrixFile(named)
    self.bias = try bias.map { try MatrixFile(TensorReference($0), .column) }
    guard let bias, let file = self.bias, file.rows != head.rows else { return }
    try ErrorInFile.naming(bias) { throw GeometryError.biasLength(expected: head.rows, found: file.rows) }
  }

  /// Which arrays they are, in words.
  package var choice: String { "classifier: \(head.choice)" + (bias.map { "; bias: \($0.choice)" } ?? "") }
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

  /// The rows of the selected classes, [K × d], and the identity of the whole head.
  ///
  /// - Parameter whole: receives all V rows in order, some at a time.
  package func rows(of selection: ClassSelection, whole: (Matrix) throws -> Void = { _ in }) throws -> (
    rows: Matrix, digest: String
  ) {
    try ErrorInFile.naming(name) { try selection.checkHead(rows: head.rows, columns: head.columns) }
    let digest = ClassifierDigest()
    try MappedMemory.check(
      selection.tokens.count * dimension, of: Double.self,
      for: "the rows of \(selection.tokens.count) classes in \(name)")
    var elements: [Double] = []
    elements.reserveCapacity(selection.tokens.count * dimension)
    var (first, wanted) = (0, selection.tokens[...])
    try forEachRun { rows in
      digest.update(rows)
      try whole(rows)
      while let token = wanted.first, Int(token) < first + rows.rows {
        let start = (Int(token) - first) * dimension
        elements += rows.elements[start..<start + dimension]
        wanted = wanted.dropFirst()
      }
      first += rows.rows
    }
    let rows = Matrix(rows: selection.tokens.count, columns: dimension, elements: elements)
    guard let bad = rows.elements.firstIndex(where: { !$0.isFinite }) else { return (rows, digest.finish().head) }
    throw StreamError(
      .nonfinite, file: name, position: "row \(selection.tokens[bad / rows.columns])", expected: "finite numbers",
      found: "\(rows.elements[bad])", advice: "use the output head of a model whose training did not diverge")
  }

  /// Reads the whole classifier.
  package func read() throws -> (classifier: Classifier, identity: ClassifierIdentity) {
    let digest = ClassifierDigest()
    var numbers: [Double]? = bias == nil ? nil : []
    try bias?.forEachRun(of: Self.runBytes / 8) { numbers?.append(contentsOf: $0.elements) }
    if let bias, let row = numbers?.firstIndex(where: { !($0.magnitude < 1e75) }) {
      throw StreamError(
        .nonfinite, file: bias.reference.description, position: "row \(row)", expected: "a number below 1e75",
        found: numbers.map { "\($0[row])" } ?? "", advice: "use the bias of a model whose training did not diverge")
    }
    try MappedMemory.check(
      Classifier.bytes(rows: head.rows, dimension: head.columns, isSingle: isSingle), for: "the classifier \(name)")
    var classifier = Classifier(dimension: head.columns, rows: isSingle ? head.rows : 0, bias: numbers)
    try forEachRun { rows in
      digest.update(rows)
      try ErrorInFile.naming(name) { try classifier.append(rows) }
    }
    return (classifier, digest.finish(bias: numbers))
  }

  /// Calls `body` with all rows of the head in order, some MiB at a time. Checks for cancellation after each run.
  private func forEachRun(_ body: (Matrix) throws -> Void) throws {
    try head.forEachRun(of: max(1, Self.runBytes / (dimension * 8))) { rows in
      try body(rows)
      try Task.checkCancellation()
    }
  }
}
