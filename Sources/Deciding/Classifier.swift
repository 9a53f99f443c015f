import Geometry
import Samples
import Support

/// The output head as a decider: it chooses argmax_c ⟨w_c, h⟩ + b_c over all V rows; ties go to the smallest token id.
///
/// With ``HeadRows/seen`` it chooses from the rows of the given classes alone.
///
/// Weights are kept in single precision if it holds each of them exactly, as it does for heads stored in float32,
/// float16 and bfloat16. Otherwise they are kept in double precision.
package struct Classifier: Sendable {
  /// d.
  package let dimension: Int
  /// V, the number of rows appended so far.
  package private(set) var rows = 0
  /// b_c; one per row, once all rows are appended.
  let bias: [Double]?
  /// w_c, [V × d], if single precision holds them.
  private(set) var single: [Float] = []
  /// w_c, [V × d], if it does not.
  private(set) var double: [Double] = []
  private(set) var isSingle = true
  private(set) var largestNorm = 0.0

  /// - Parameter rows: the number of rows that will be appended, if known.
  package init(dimension: Int, rows: Int = 0, bias: [Double]? = nil) {
    (self.dimension, self.bias) = (dimension, bias)
    single.reserveCapacity(rows * dimension)
  }

  /// Appends rows [n × d].
  ///
  /// - Precondition: they have the head's dimension.
  /// - Throws: ``GeometryError`` if a weight is not finite, or too large to be squared.
  package mutating func append(_ weights: Matrix) throws {
    precondition(weights.columns == dimension)
    for (row, norm) in weights.rowNorms.enumerated() {
      guard norm < FeatureSlice.longest else {
        throw GeometryError.outOfRange(token: Int32(clamping: rows + row), what: "classifier row", norm: norm)
      }
      largestNorm = max(largestNorm, norm)
    }
    if isSingle, !weights.elements.allSatisfy({ Double(Float($0)) == $0 }) {
      double = single.map(Double.init)
      (single, isSingle) = ([], false)
    }
    if isSingle { single += weights.elements.lazy.map { Float($0) } } else { double += weights.elements }
    rows += weights.rows
  }

  /// The rows of the given token ids, each below V.
  package func rows(of tokens: [Int32]) throws -> Matrix {
    try Matrix(rows: tokens.count, columns: dimension) { out in
      for (place, token) in tokens.enumerated() {
        for column in 0..<dimension { out[place * dimension + column] = self[Int(token), column] }
      }
    }
  }

  /// The classifier that has only the rows of the given token ids, each below V, with their biases.
  func selecting(_ tokens: [Int32]) throws -> Classifier {
    try MappedMemory.check(
      tokens.count * dimension, of: Double.self, for: "the classifier's rows of \(tokens.count) classes")
    var selected = Classifier(
      dimension: dimension, rows: isSingle ? tokens.count : 0, bias: bias.map { bias in tokens.map { bias[Int($0)] } })
    for range in ranges(of: tokens.count, size: 4096) { try selected.append(rows(of: Array(tokens[range]))) }
    return selected
  }

  /// Bytes that a head of V rows takes, including what products need.
  ///
  /// - Parameter isSingle: whether single precision holds its weights.
  package static func bytes(rows: Int, dimension: Int, isSingle: Bool) -> Int {
    rows * (dimension * (isSingle ? 4 : 12) + 16)
  }

  /// The rows for products in single precision, shared if they are already in it.
  var forProducts: SinglePrecisionRows {
    if isSingle, SinglePrecisionRows.canShare(largestNorm: largestNorm) {
      return SinglePrecisionRows(columns: dimension, largestNorm: largestNorm, exact: single)
    }
    return SinglePrecisionRows(rows: rows, columns: dimension, largestNorm: largestNorm) { row, out in
      for column in 0..<dimension { out[column] = self[row, column] }
    }
  }

  subscript(row: Int, column: Int) -> Double {
    isSingle ? Double(single[row * dimension + column]) : double[row * dimension + column]
  }
}

extension Classifier: ExactScore {
  func score(_ candidate: Int, for row: UnsafePointer<Double>) -> Double {
    let start = candidate * dimension
    let product =
      isSingle
      ? single.withUnsafeBufferPointer { $0.baseAddress.map { dot($0 + start, row, count: dimension) } ?? 0 }
      : double.withUnsafeBufferPointer { $0.baseAddress.map { dot($0 + start, row, count: dimension) } ?? 0 }
    return product + (bias?[candidate] ?? 0)
  }
}

/// The rows of an output head that it chooses from.
package enum HeadRows: String, CaseIterable, Sendable {
  /// All V of them.
  case all
  /// Those of the classes that the moments have.
  case seen
}
