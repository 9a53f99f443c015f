import Samples
import Storage

/// An array of a batch, before its elements are read.
protocol StreamArray {
  var shape: [Int] { get }
  /// Nil if this project does not support the element type.
  var elementType: ElementType? { get }
  /// The element type in words, even if this project does not support it.
  var typeName: String { get }
  /// Where in the file it is, in words.
  var position: String { get }
  /// The array in words: `float16 of shape (4096, 576)`.
  var summary: String { get }
}

extension StreamArray {
  /// The shape as Python writes it.
  var shapeText: String {
    shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
  }

  var summary: String { "\(elementType?.name ?? typeName) of shape \(shapeText)" }
}

/// The rules for the arrays of a batch: labels (1-d integer, n), optional predictions (1-d integer, n), features (2-d
/// float, n × d).
struct BatchLayout {
  let file: String

  private func error(
    _ kind: StreamError.Kind, _ header: any StreamArray, expected: String, found: String? = nil, advice: String
  ) -> StreamError {
    StreamError(
      kind, file: file, position: header.position, expected: expected, found: found ?? header.summary, advice: advice)
  }

  func checkTokens(_ header: any StreamArray, role: String) throws {
    guard header.shape.count == 1 else {
      throw error(
        .badOrder, header, expected: "\(role): 1-d integers, before the features of each batch",
        advice: "save labels first, then features, batch by batch, on one open file")
    }
    guard header.elementType?.isInteger == true else {
      throw error(
        .unsupportedType, header, expected: "\(role) of an integer type",
        advice: "convert with .astype(numpy.int32) before saving")
    }
  }

  /// The type of a named array of token ids.
  func tokenType(_ array: any StreamArray, role: String) throws -> ElementType {
    guard let type = array.elementType, type.isInteger, array.shape.count == 1 else {
      throw error(
        array.shape.count == 1 ? .unsupportedType : .badShape, array, expected: "\(role): 1-d integers",
        advice: "name the right array with --\(role), or convert it with .astype(numpy.int32)")
    }
    return type
  }

  func checkRows(_ header: any StreamArray, _ rows: Int, role: String) throws {
    guard header.shape[0] == rows else {
      throw error(
        .countMismatch, header, expected: "\(rows) \(role), one for each label",
        found: "\(header.shape[0]) (\(header.summary))",
        advice: role != "features"
          ? "save a prediction for each label, or none at all"
          : header.shape.last == rows
            ? "save the transpose, x.T, with one row per label; MATLAB stores its arrays transposed"
            : "drop the last position of each sequence from the features: it has no next token")
    }
  }

  /// - Parameter rows: the number of labels.
  func featureType(_ header: any StreamArray, rows: Int, _ options: ReadOptions) throws -> ScalarType {
    guard header.shape.count == 2 else {
      throw error(
        header.shape.count > 2 ? .badShape : .badOrder, header, expected: "features: 2-d floats, n × d",
        advice: header.shape.count > 2
          ? reshaping(header.shape, rows: rows) : "save labels, then features, of each batch")
    }
    return try featureType(header, dimension: header.shape[1], options)
  }

  /// How to make features of more than two dimensions n × d.
  private func reshaping(_ shape: [Int], rows: Int) -> String {
    shape[0] == rows
      ? "pick one of each row's vectors, as in x[:, 0], or join them with x.reshape(\(rows), -1), before saving"
      : "flatten sequences with x.reshape(-1, x.shape[-1]) before saving"
  }

  /// The type of features of the given dimension, however many indices count the rows.
  func featureType(_ header: any StreamArray, dimension: Int, _ options: ReadOptions) throws -> ScalarType {
    guard (1...Block.maximumDimension).contains(dimension) else {
      throw error(
        .badShape, header, expected: "between 1 and \(Block.maximumDimension) features per row",
        advice: "check the exporting script: the shape must be n × d, not d × n")
    }
    if let scalar = header.elementType?.scalar { return scalar }
    if options.uint16IsBFloat16, header.elementType?.isUInt16 == true { return .bfloat16 }
    throw error(
      .unsupportedType, header, expected: "features of type f16, bf16, f32 or f64",
      advice: header.elementType?.width == 2
        ? "if these are bfloat16 bits, give --bf16" : "save features as floats")
  }

  /// Rejects a batch, at `row` of the file, whose dimension differs from that of the stream's `first` batch.
  func checkDimension(_ dimension: Int, row: Int, first: (count: Int, source: String)?) throws {
    guard let first, first.count != dimension else { return }
    throw StreamError(
      .dimensionMismatch, file: file, position: "row \(row)",
      expected: "features of dimension \(first.count), as in \(first.source)", found: "dimension \(dimension)",
      advice: "accumulate the features of one model and layer at a time")
  }

  func labelsAlone(_ header: any StreamArray) -> StreamError {
    error(
      .truncated, header, expected: "features after \(header.summary)", found: "the end of the data",
      advice: "save labels and features of each batch, and close the file")
  }
}
