import CollapseKernels
import Geometry
import Moments
import Samples

/// The nearest class mean as a decider (NCC): it chooses argmin_c ‖h − μ_c‖ over the K classes seen; ties go to the
/// smallest token id.
///
/// Products compute argmax_c ⟨h − g, m_c⟩ − ‖m_c‖²/2 with m_c = μ_c − g and g the mean of class means, so that an
/// offset common to all features costs no digits. If those cannot decide, distances are computed from the difference.
struct NearestMean: Sendable {
  /// Token ids of the K classes, ascending.
  let tokens: [Int32]
  private let means: Matrix
  private let lowPart: Matrix?
  /// g, one double per feature; its choice changes no decision.
  let centre: [Double]
  /// ‖m_c‖².
  let squaredNorms: [Double]

  /// Throws ``GeometryError`` if a mean is too large to be squared.
  init(_ table: MomentsTable) throws {
    tokens = table.tokens
    (means, lowPart) = (table.means, table.lowPart)
    var sums = [Double](repeating: 0, count: table.dimension)
    for row in 0..<means.rows {
      for (column, value) in means[row: row].enumerated() { sums[column] += value / Double(means.rows) }
    }
    centre = sums
    var squaredNorms: [Double] = []
    withUnsafeTemporaryAllocation(of: Double.self, capacity: table.dimension) { buffer in
      guard let start = buffer.baseAddress else { return }
      for row in 0..<table.classes {
        squaredNorms.append(Self.centre(row, table.means, table.lowPart, sums, into: start))
      }
    }
    self.squaredNorms = squaredNorms
    let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length < FeatureSlice.longest else {
      throw GeometryError.outOfRange(token: tokens.first ?? 0, what: "mean of class means", norm: length)
    }
    for (token, squared) in zip(tokens, squaredNorms) where !(squared < FeatureSlice.longest * FeatureSlice.longest) {
      throw GeometryError.outOfRange(token: token, what: "centred class mean", norm: squared.squareRoot())
    }
  }

  /// Writes m_c and returns its squared length.
  @discardableResult
  private static func centre(
    _ row: Int, _ means: Matrix, _ lowPart: Matrix?, _ centre: [Double], into out: UnsafeMutablePointer<Double>
  ) -> Double {
    let start = row * means.columns
    return means.withUnsafeElements { means in
      func difference(_ lowPart: UnsafePointer<Double>?) -> Double {
        guard let mean = means.baseAddress else { return 0 }
        return collapse_difference(mean + start, lowPart, centre, nil, centre.count, out)
      }
      return lowPart?.withUnsafeElements { difference($0.baseAddress.map { $0 + start }) } ?? difference(nil)
    }
  }

  var dimension: Int { centre.count }

  /// The row of a token; nil if the token is no class.
  func row(of token: Int32) -> Int? {
    var rows = tokens.indices
    while let first = rows.first {
      let middle = first + rows.count / 2
      if tokens[middle] == token { return middle }
      rows = tokens[middle] < token ? middle + 1..<rows.upperBound : first..<middle
    }
    return nil
  }

  /// m_c for products in single precision.
  var forProducts: SinglePrecisionRows {
    let largest = (squaredNorms.max() ?? 0).squareRoot()
    return SinglePrecisionRows(rows: means.rows, columns: dimension, largestNorm: largest) { row, out in
      Self.centre(row, means, lowPart, centre, into: out)
    }
  }
}

extension NearestMean: ExactScore {
  /// −‖h − μ_c‖².
  func score(_ candidate: Int, for row: UnsafePointer<Double>) -> Double {
    let start = candidate * dimension
    return means.withUnsafeElements { means in
      guard let mean = means.baseAddress.map({ $0 + start }) else { return 0 }
      guard let lowPart else { return -squaredDifference(row, mean, count: dimension) }
      return lowPart.withUnsafeElements { lowPart in
        guard let lowPart = lowPart.baseAddress.map({ $0 + start }) else { return 0 }
        return -squaredDifference(row, mean, lowPart: lowPart, count: dimension)
      }
    }
  }
}
