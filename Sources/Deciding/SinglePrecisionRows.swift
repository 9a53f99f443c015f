/// Vectors in single precision, one after another, for products. They are divided by a power of two if their lengths
/// come too near the limits of a float.
struct SinglePrecisionRows: Sendable {
  let columns: Int
  /// [rows × columns].
  var elements: [Float]
  /// The exponent of the power of two that vectors were divided by.
  let exponent: Int
  /// An upper bound on the length of each vector after division; at least ``least``.
  let largestNorm: Double

  /// Lengths from 2⁻⁶⁰ to 2⁶⁰ are used as they are: products of two of them are far from the limits of a float.
  private static let comfortable = 0x1p-60...0x1p60
  /// The assumed length of vectors that are all zero, or nearly so.
  private static let least = 0x1p-480

  /// Shares `exact`, which holds the numbers unchanged.
  ///
  /// - Precondition: they need no division, see ``canShare(largestNorm:)``.
  init(columns: Int, largestNorm: Double, exact: [Float]) {
    self.columns = columns
    elements = exact
    exponent = 0
    self.largestNorm = max(largestNorm * Self.slack, 0x1p-60)
  }

  /// Rounds the `rows` vectors that `row` writes, in order.
  init(
    rows: Int, columns: Int, largestNorm: Double, _ row: (Int, UnsafeMutablePointer<Double>) -> Void
  ) {
    let largest = max(largestNorm, Self.least)
    let exponent = Self.comfortable.contains(largest) ? 0 : Int(largest.exponent) + 1
    let scale = power(ofTwo: -exponent)
    (self.columns, self.exponent) = (columns, exponent)
    self.largestNorm = largest * scale * Self.slack
    elements = [Float](unsafeUninitializedCapacity: rows * columns) { out, count in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { buffer in
        guard let start = buffer.baseAddress else { return }
        for number in 0..<rows {
          row(number, start)
          for column in 0..<columns { out[number * columns + column] = Float(start[column] * scale) }
        }
      }
      count = rows * columns
    }
  }

  /// Whether vectors of at most that length need no division; false if all are tiny.
  static func canShare(largestNorm: Double) -> Bool { largestNorm == 0 || comfortable.contains(largestNorm) }

  /// A margin for the rounding of a computed length.
  static let slack = 1 + 1e-6

  var rows: Int { columns > 0 ? elements.count / columns : 0 }
}

/// 2ⁿ; zero or infinite beyond the range of a double.
func power(ofTwo exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
