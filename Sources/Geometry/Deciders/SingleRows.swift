/// Vectors in single precision, one after another, as products take them: divided by a power of two where their lengths
/// would leave what a float holds with room to spare.
struct SingleRows: Sendable {
  let columns: Int
  /// [rows × columns].
  var elements: [Float]
  /// The power of two that the vectors were divided by.
  let exponent: Int
  /// An upper bound of the length of each, after division; at least ``least``.
  let largestNorm: Double

  /// Lengths from 2⁻⁶⁰ to 2⁶⁰ are taken as they are: products of two of them are far from the ends of a float.
  private static let comfortable = 0x1p-60...0x1p60
  /// Stands for the length of vectors that are all zero, or as good as that.
  private static let least = 0x1p-480

  /// Shares `exact`, which holds the numbers as they are.
  ///
  /// - Precondition: they need not be divided, see ``canShare(largestNorm:)``.
  init(columns: Int, largestNorm: Double, exact: [Float]) {
    self.columns = columns
    elements = exact
    exponent = 0
    self.largestNorm = max(largestNorm * Self.slack, 0x1p-60)
  }

  /// Rounds the vectors that `row` writes, `rows` of them, in order.
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

  /// Whether vectors of that length at most need not be divided, unless all of them are tiny.
  static func canShare(largestNorm: Double) -> Bool { largestNorm == 0 || comfortable.contains(largestNorm) }

  /// What the computed length of a vector may be short of, and more.
  static let slack = 1 + 1e-6

  var rows: Int { columns > 0 ? elements.count / columns : 0 }
}

/// 2ⁿ, zero or infinite beyond the range of a double.
func power(ofTwo exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
