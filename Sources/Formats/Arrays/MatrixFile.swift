import Samples
import Storage

/// A matrix in a file, read by rows: a classifier (output head), V × d.
public struct MatrixFile: Sendable {
  public let reference: TensorReference
  public let rows: Int
  public let columns: Int
  /// Element type, in words.
  public let typeName: String

  private let form: Form

  /// The kind of array to look for.
  public enum Form: Sendable {
    /// V × d, row-major: an output head.
    case matrix
    /// V numbers, one per row: the bias of an output head.
    case column

    fileprivate var wanted: String {
      self == .matrix ? "a matrix of floats, V × d, row-major" : "a vector of floats, of length V"
    }
  }

  /// Opens the array and checks that it holds floats in the given form. Throws ``StreamError``.
  public init(_ reference: TensorReference, _ form: Form = .matrix) throws {
    (self.reference, self.form) = (reference, form)
    let array = try Self.open(reference, form)
    let shape = array.shape
    guard array.hasRowsOfFloats, shape.count == (form == .matrix ? 2 : 1),
      shape.count == 1 || shape[1] <= Block.maximumDimension
    else {
      let order = array.isColumnMajor ? ", column-major" : ""
      throw Self.wrong(reference, form, "\(array.typeName) of shape \(shape)\(order)")
    }
    (rows, columns, typeName) = (shape[0], shape.count == 1 ? 1 : shape[1], array.typeName)
  }

  private static func open(_ reference: TensorReference, _ form: Form) throws -> any StoredArray {
    guard !FileBytes.isOnce(reference.file) else { throw wrong(reference, form, "a pipe, which cannot be read twice") }
    let file = try PeekedFile(reference.file)
    switch try Formats.open(file, as: form.wanted) {
    case .inOrder(let cursor): return try CursorArray(cursor, of: file)
    case .named(let arrays): return try arrays.matrix(named: reference.tensor)
    case .integers: throw Formats.unknown(file, form.wanted)
    }
  }

  private static func wrong(_ reference: TensorReference, _ form: Form, _ found: String) -> StreamError {
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
  public func rows(of tokens: [Int32]) throws -> Matrix {
    precondition(zip(tokens, tokens.dropFirst()).allSatisfy { $0 < $1 })
    if let last = tokens.last, Int(last) >= rows {
      throw StreamError(
        .badReference, file: reference.description, expected: "a row for token \(last), the largest seen",
        found: "\(rows) rows", advice: "use the classifier of the model and tokenizer that made the samples")
    }
    return try read(tokens.map(Int.init), from: Self.open(reference, form).rows())
  }

  /// Calls `body` with all rows in order, at most `count` at a time, widened to Float64.
  ///
  /// Reads the array once. Throws what `body` throws, and ``StreamError`` if the file cannot be read.
  public func forEachRun(of count: Int, _ body: (Matrix) throws -> Void) throws {
    let source = try Self.open(reference, form).rows()
    for start in stride(from: 0, to: rows, by: count) {
      try body(read(Array(start..<min(start + count, rows)), from: source))
    }
  }

  private func read(_ numbers: [Int], from source: any RowSource) throws -> Matrix {
    try Matrix(rows: numbers.count, columns: columns) { out in
      if let start = out.baseAddress { try source.read(numbers, into: start) }
    }
  }
}
