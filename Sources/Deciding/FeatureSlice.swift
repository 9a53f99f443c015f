import CollapseKernels
import Samples

/// Consecutive rows of a block minus a centre, in single precision. Each is divided by a power of two so that its
/// length is below 1.
struct FeatureSlice {
  /// Row numbers in the block.
  let rows: Range<Int>
  /// (h − g)/2^exponent, [rows × d].
  var elements: [Float]
  /// The exponents of the powers of two that rows were divided by.
  let exponents: [Int]
  /// An upper bound on each row's length after division.
  let norms: [Double]

  /// Vectors this long or longer are refused, so that squares of differences are far from overflow.
  static let longest = 1e75

  /// A row that cannot be decided: it has NaN or infinity, or is too long to be squared.
  struct BadRow: Error {
    let row: Int
  }

  /// Some rows of a slice, counted from its first.
  init(_ slice: FeatureSlice, _ few: Range<Int>) {
    let columns = slice.elements.count / max(slice.rows.count, 1)
    rows = slice.rows.lowerBound + few.lowerBound..<slice.rows.lowerBound + few.upperBound
    exponents = Array(slice.exponents[few])
    norms = Array(slice.norms[few])
    elements = Array(slice.elements[few.lowerBound * columns..<few.upperBound * columns])
  }

  /// - Parameter leastExponent: rows are divided by at least this power of two, so that offsets of its size are also
  ///   below 1.
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
          // A shorter row may be taken to be this long.
          let norm = max(squared.squareRoot(), 1 / Self.longest)
          let exponent = max(Int(norm.exponent) + 1, leastExponent)
          let scale = power(ofTwo: -exponent)
          for feature in 0..<dimension { out[number * dimension + feature] = Float(difference[feature] * scale) }
          exponents.append(exponent)
          norms.append(norm * scale * SinglePrecisionRows.slack)
        }
      }
      count = bad == nil ? rows.count * dimension : 0
    }
    (self.exponents, self.norms) = (exponents, norms)
    if let bad { throw BadRow(row: bad) }
  }
}
