import CollapseKernels
import Samples

/// Consecutive rows of a block less a centre, in single precision, each divided by a power of two so that its length is
/// below 1.
struct FeatureSlice {
  /// The rows' numbers in the block.
  let rows: Range<Int>
  /// (h − g)/2^exponent, [rows × d].
  var elements: [Float]
  /// The power of two that each row was divided by.
  let exponents: [Int]
  /// An upper bound of each row's length, after division.
  let norms: [Double]

  /// Vectors this long or longer are refused, so that squares of their differences are far from overflow.
  static let longest = 1e75

  /// A row that cannot be decided: a NaN, an infinity, or of a length that cannot be squared.
  struct BadRow: Error {
    let row: Int
  }

  /// Some of its rows, counted from its first.
  init(_ slice: FeatureSlice, _ few: Range<Int>) {
    let columns = slice.elements.count / max(slice.rows.count, 1)
    rows = slice.rows.lowerBound + few.lowerBound..<slice.rows.lowerBound + few.upperBound
    exponents = Array(slice.exponents[few])
    norms = Array(slice.norms[few])
    elements = Array(slice.elements[few.lowerBound * columns..<few.upperBound * columns])
  }

  /// - Parameter leastExponent: rows are divided by that power of two at least, so that offsets of its size are below 1 too.
  init(_ block: Block, rows: Range<Int>, centre: [Double], leastExponent: Int) throws(BadRow) {
    let dimension = block.dimension
    self.rows = rows
    var (exponents, norms): ([Int], [Double]) = ([], [])
    var bad: Int?
    elements = [Float](unsafeUninitializedCapacity: rows.count * dimension) { out, count in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * dimension) { buffer in
        guard let wide = buffer.baseAddress else { return }
        let difference = wide + dimension
        for (number, row) in rows.enumerated() {
          block.scalar.widen(block.rowStarts[row], count: dimension, into: wide)
          let squared = collapse_difference(wide, nil, centre, nil, dimension, difference)
          guard squared < Self.longest * Self.longest else {
            bad = row
            return
          }
          // A row that short, if any is, may as well be that long.
          let norm = max(squared.squareRoot(), 1 / Self.longest)
          let exponent = max(Int(norm.exponent) + 1, leastExponent)
          let scale = power(ofTwo: -exponent)
          for feature in 0..<dimension { out[number * dimension + feature] = Float(difference[feature] * scale) }
          exponents.append(exponent)
          norms.append(norm * scale * SingleRows.slack)
        }
      }
      count = bad == nil ? rows.count * dimension : 0
    }
    (self.exponents, self.norms) = (exponents, norms)
    if let bad { throw BadRow(row: bad) }
  }
}
