import CollapseKernels
import Geometry

/// Finds, for each row x, the candidate c with the largest ⟨x, c⟩ + o_c, as exact arithmetic would, at the speed of
/// products in single precision.
///
/// A tile of rows and candidates is multiplied in single precision. Its products are off by at most γ‖x‖‖c‖, in
/// whatever order terms are added, with γ = nu/(1 − nu), u = 2⁻²⁴ and n somewhat more than d. A candidate whose score
/// is within twice that of the row's best may be the best one. If there are several, float64 decides. So tiles, threads
/// and the rounding of products change no choice.
///
/// - Complexity: O(rows·candidates·d), and O(d) for each close candidate.
/// - Source: the bound is that of Higham, *Accuracy and Stability of Numerical Algorithms*, 3.1.
struct ProductSearch: Sendable {
  /// In a rotated basis if they are pruned.
  var candidates: SinglePrecisionRows
  /// o_c minus their middle, divided by a power of two so that none is larger than the longest candidate.
  let offsets: [Float]
  /// Rows are divided by at least this power of two.
  let leastExponent: Int
  /// The largest error of an offset before it was rounded to single precision.
  private let offsetError: Double
  /// The largest error of float64 in the end, as a share of ‖x‖².
  private let squaredError: Double
  let exact: any ExactScore
  /// How candidates are pruned; nil if that does not pay.
  var pruning: Pruning?

  /// Candidates multiplied at a time. With the rows of a slice, their products stay in or near a core's second-level
  /// cache.
  static let tile = 1024
  private static let unit = 0x1p-24

  /// - Parameters:
  ///   - offsets: o_c.
  ///   - offsetError: the largest error of each offset.
  ///   - squaredError: the largest error of float64 in the end, as a share of ‖x‖².
  init(
    _ candidates: SinglePrecisionRows, offsets: [Double], offsetError: Double, squaredError: Double,
    exact: any ExactScore
  ) {
    (self.candidates, self.exact, self.squaredError) = (candidates, exact, squaredError)
    let (low, high) = (offsets.min() ?? 0, offsets.max() ?? 0)
    let middle = low / 2 + high / 2
    let error = offsetError + max(high.magnitude, low.magnitude) * 0x1p-51
    // Equal offsets leave only the error, which must not overflow either.
    let largest = max(high - middle, middle - low, error)
    let shift = largest > 0 ? max(Int((largest / candidates.largestNorm).exponent) + 1, Self.least) : Self.least
    let scale = power(ofTwo: -shift)
    self.offsets = offsets.map { Float(($0 - middle) * scale) }
    self.offsetError = error * scale
    leastExponent = shift - candidates.exponent
  }

  /// The power of two that divides offsets that are equal, or nearly so.
  private static let least = -700

  /// The largest error of the computed scores of each row.
  func margins(_ slice: FeatureSlice) -> [Double] {
    let terms = Double(candidates.columns + 16) * Self.unit
    // Rows and candidates are rounded once, in a rotated basis twice; a bound adds three terms.
    let gamma = terms / (1 - terms) + (pruning == nil ? 4 : 16) * Self.unit
    let length = candidates.largestNorm
    return zip(slice.norms, slice.exponents).map { norm, exponent in
      let offset = power(ofTwo: leastExponent - exponent) * (4 * Self.unit * length + offsetError)
      let decision = squaredError * norm * norm * power(ofTwo: exponent - candidates.exponent)
      // Each product may lose what is too small for a float.
      let underflow = Double(candidates.columns) * 0x1p-120 * max(length, 1)
      return 1.01 * (gamma * norm * length + offset + decision) + underflow
    }
  }

  /// Writes the best candidate of each row of the slice, and returns how many rows float64 had to decide.
  ///
  /// - Parameters:
  ///   - row: returns a row of the slice as originally given, in float64; valid until the next call.
  ///   - isCancelled: is called between tiles; once it returns true, the choices are incomplete.
  func choose(
    _ slice: FeatureSlice, row: (Int) -> UnsafePointer<Double>, isCancelled: () -> Bool,
    into choices: UnsafeMutablePointer<Int32>
  ) -> Int {
    if let pruning { return choose(slice, pruning, row: row, isCancelled: isCancelled, into: choices) }
    let count = slice.rows.count
    var contenders = Contenders(margins: margins(slice))
    let factors = factors(slice)
    let products = UnsafeMutablePointer<Float>.allocate(capacity: count * Self.tile)
    defer { products.deallocate() }
    for start in stride(from: 0, to: candidates.rows, by: Self.tile) {
      if isCancelled() { return 0 }
      let width = min(Self.tile, candidates.rows - start)
      multiply(slice, start..<start + width, into: products)
      offsets.withUnsafeBufferPointer { offsets in
        guard let offsets = offsets.baseAddress.map({ $0 + start }) else { return }
        for number in 0..<count {
          let (scores, factor) = (products + number * width, factors[number])
          let greatest = collapse_greatest_sum(scores, offsets, factor, width)
          guard greatest >= contenders.thresholds[number] else { continue }
          contenders.raise(number, to: greatest)
          for candidate in 0..<width {
            let score = scores[candidate] + factor * offsets[candidate]
            guard score >= contenders.thresholds[number] else { continue }
            contenders.add(start + candidate, score, to: number) { exact.score($0, for: row(number)) }
          }
        }
      }
    }
    return settle(&contenders, count, row: row, into: choices)
  }

  /// The factor of the offsets for each row.
  func factors(_ slice: FeatureSlice) -> [Float] {
    slice.exponents.map { Float(power(ofTwo: leastExponent - $0)) }
  }

  /// Writes each row's winner, and returns how many of them float64 had to decide.
  func settle(
    _ contenders: inout Contenders, _ count: Int, row: (Int) -> UnsafePointer<Double>,
    into choices: UnsafeMutablePointer<Int32>
  ) -> Int {
    var close = 0
    for number in 0..<count {
      let winner = contenders.winner(number) { exact.score($0, for: row(number)) }
      choices[number] = winner.candidate
      if winner.wasClose { close += 1 }
    }
    return close
  }

  /// Multiplies the slice's rows by some of the candidates, without offsets.
  ///
  /// - Parameter leading: the number of features to multiply; all of them by default.
  func multiply(
    _ slice: FeatureSlice, _ range: Range<Int>, leading: Int? = nil, into products: UnsafeMutablePointer<Float>
  ) {
    Self.multiply(slice, candidates, range, leading: leading ?? candidates.columns, into: products)
  }

  static func multiply(
    _ slice: FeatureSlice, _ candidates: SinglePrecisionRows, _ range: Range<Int>, leading: Int,
    into products: UnsafeMutablePointer<Float>
  ) {
    let columns = candidates.columns
    slice.elements.withUnsafeBufferPointer { rows in
      candidates.elements.withUnsafeBufferPointer { candidates in
        MatrixProducts.single(
          rows.baseAddress, slice.rows.count, candidates.baseAddress.map { $0 + range.lowerBound * columns },
          range.count,
          columns: columns, leading: leading, into: products)
      }
    }
  }

  /// The number of candidates.
  var count: Int { candidates.rows }
}
