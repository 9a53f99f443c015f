import Samples
import Storage

/// What the rows of a stored classifier are.
package enum ClassifierRows: String, Sendable, CaseIterable {
  /// A row per token: V × d.
  case tokens
  /// A row per feature: d × V.
  case features
}

/// A matrix in a file, read by rows: a classifier (output head), V × d.
package struct MatrixFile: Sendable {
  package let reference: TensorReference
  package let rows: Int
  package let columns: Int
  /// Element type, in words.
  package let typeName: String
  /// Which array it is, in words: `m.safetensors#lm_head.weight [50257 × 768] float16, the output head`.
  package let choice: String

  private let form: Form
  /// The path of the array, in a file that names its arrays.
  private let path: String?
  /// Whether the elements of a row lie apart: all rows have their first, then all their second.
  private let isByColumn: Bool

  /// The kind of array to look for.
  package enum Form: Sendable {
    /// V × d: an output head.
    case matrix
    /// V numbers, one per row: the bias of an output head.
    case column

    fileprivate var wanted: String {
      self == .matrix ? "a matrix of floats, V × d, row-major" : "a vector of floats, of length V"
    }
  }

  /// Opens the array and checks that it holds floats in the given form, row-major. Throws ``StreamError``.
  package init(_ reference: TensorReference, _ form: Form = .matrix) throws {
    let chosen = try Self.open(reference, form)
    guard !chosen.array.isColumnMajor,
      chosen.array.shape.count == 1 || chosen.array.shape.last ?? 0 <= Block.maximumDimension
    else { throw Self.wrong(reference, form, chosen.array) }
    self.init(reference, form, chosen, isTransposed: false)
  }

  /// Opens an output head for features of this dimension. The shape tells whether it is stored V × d or d × V, unless
  /// `rows` says so.
  ///
  /// Throws ``StreamError`` if the shape is d × d and `rows` is nil. Checks the dimension no further.
  package init(head reference: TensorReference, dimension: Int, rows: ClassifierRows?) throws {
    let chosen = try Self.open(reference, .matrix)
    let shape = chosen.array.shape
    guard rows != nil || shape != [dimension, dimension] else {
      throw StreamError(
        .badReference, file: reference.description,
        expected: "a classifier whose shape tells tokens (V) from features (d = \(dimension))",
        found: "\(chosen.array.typeName) of shape \(shape)",
        advice: "say --classifier-rows tokens if it is stored V × d, or --classifier-rows features if d × V")
    }
    let isTransposed = rows.map { $0 == .features } ?? (shape[0] == dimension && shape[1] != dimension)
    guard shape[isTransposed ? 0 : 1] <= Block.maximumDimension,
      isTransposed == false || chosen.array.elementType != nil
    else { throw Self.wrong(reference, .matrix, chosen.array) }
    self.init(reference, .matrix, chosen, isTransposed: isTransposed)
  }

  private init(_ reference: TensorReference, _ form: Form, _ chosen: ChosenMatrix, isTransposed: Bool) {
    let (array, shape) = (chosen.array, chosen.array.shape)
    (self.reference, self.form, typeName) = (reference, form, array.typeName)
    let extents = shape.count == 1 ? [shape[0], 1] : isTransposed ? shape.reversed() : shape
    (rows, columns) = (extents[0], extents[1])
    isByColumn = isTransposed != array.isColumnMajor
    path = array is CursorArray ? nil : array.path
    let name = path.map { "\(reference.file)#\($0)" } ?? reference.description
    let stored = shape.map(String.init).joined(separator: " × ")
    let remarks = [chosen.words, isTransposed ? "stored d × V" : nil, array.isColumnMajor ? "column-major" : nil]
    choice = (["\(name) [\(stored)] \(typeName)"] + remarks.compactMap(\.self)).joined(separator: ", ")
  }

  /// Opens the array, and checks that it holds floats with the right number of indices.
  private static func open(_ reference: TensorReference, _ form: Form) throws -> ChosenMatrix {
    guard !FileBytes.isOnce(reference.file) else {
      throw wrong(reference, form, found: "a pipe, which cannot be read twice")
    }
    let chosen = try open(reference, form, reference.tensor)
    guard chosen.array.holdsFloats, chosen.array.shape.count == (form == .matrix ? 2 : 1) else {
      throw wrong(reference, form, chosen.array)
    }
    return chosen
  }

  private static func open(_ reference: TensorReference, _ form: Form, _ name: String?) throws -> ChosenMatrix {
    let file = try PeekedFile(reference.file)
    switch try Formats.open(file, as: form.wanted) {
    case .inOrder(let cursor):
      return ChosenMatrix(array: try CursorArray(cursor, of: file), words: nil, files: [file.file.integrity])
    case .named(let arrays):
      var chosen = try arrays.matrix(named: name, as: form)
      chosen.files = arrays.integrities
      return chosen
    case .integers(let tokens): throw Formats.onlyTokens(file, tokens.container, form.wanted)
    }
  }

  private static func wrong(_ reference: TensorReference, _ form: Form, _ array: any StoredArray) -> StreamError {
    let order = array.isColumnMajor ? ", column-major" : ""
    return wrong(reference, form, found: "\(array.typeName) of shape \(array.shape)\(order)")
  }

  private static func wrong(_ reference: TensorReference, _ form: Form, found: String) -> StreamError {
    StreamError(
      .badReference, file: reference.description, expected: form.wanted, found: found,
      advice: form == .matrix
        ? "name the output head, as in model.safetensors#lm_head.weight"
        : "name the bias of the output head, as in model.safetensors#lm_head.bias")
  }

  /// The rows of the given token ids, widened to Float64, [tokens × columns].
  ///
  /// - Precondition: `tokens` is strictly ascending.
  /// Throws ``StreamError`` if a token has no row, or if the file cannot be read.
  package func rows(of tokens: [Int32]) throws -> Matrix {
    precondition(zip(tokens, tokens.dropFirst()).allSatisfy { $0 < $1 })
    if let last = tokens.last, Int(last) >= rows {
      throw StreamError(
        .badReference, file: reference.description, expected: "a row for token \(last), the largest seen",
        found: "\(rows) rows", advice: "use the classifier of the model and tokenizer that made the samples")
    }
    var found = try Matrix(rows: 0, columns: columns)
    try read(tokens.map(Int.init), of: max(tokens.count, 1)) { found = $0 }
    return found
  }

  /// Calls `body` with all rows in order, at most `count` at a time, widened to Float64.
  ///
  /// Reads the array once, or once per run if the elements of a row lie apart. Throws what `body` throws, and
  /// ``StreamError`` if the file cannot be read.
  package func forEachRun(of count: Int, _ body: (Matrix) throws -> Void) throws {
    try read(0..<rows, of: count, body)
  }

  /// Calls `body` with ascending rows, at most `count` at a time, and then checks that the file stayed the same.
  private func read(
    _ numbers: some RandomAccessCollection<Int>, of count: Int, _ body: (Matrix) throws -> Void
  ) throws {
    func pass(_ body: (Matrix) throws -> Void) throws -> (files: [FileIntegrity], digest: String) {
      let (source, files) = try source()
      let checksum = Checksum()
      var rest = numbers[...]
      while !rest.isEmpty {
        let some = try read(Array(rest.prefix(count)), from: source)
        checksum.update(some.elements)
        try body(some)
        rest = rest.dropFirst(count)
      }
      return (files, checksum.value)
    }
    let (files, digest) = try pass(body)
    for file in files { try file.check { try pass { _ in }.digest == digest } }
  }

  private func source() throws -> (any RowSource, [FileIntegrity]) {
    let chosen = try Self.open(reference, form, path)
    let array = chosen.array
    func open() throws -> any StoredArray { try Self.open(reference, form, path).array }
    if isByColumn { return (RowsByColumn(open, rows: rows, columns: columns), chosen.files) }
    return (array.isColumnMajor ? try RowsInOrder(array, columns: columns) : try array.rows(), chosen.files)
  }

  private func read(_ numbers: [Int], from source: any RowSource) throws -> Matrix {
    try Matrix(rows: numbers.count, columns: columns) { out in
      if let start = out.baseAddress { try source.read(numbers, into: start) }
    }
  }
}
