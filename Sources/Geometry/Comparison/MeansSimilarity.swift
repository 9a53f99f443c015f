import Samples

/// How alike the centred class means of two states are, whatever basis each is in.
///
/// - Linear CKA is ‖AᵀB‖²_F / (‖AᵀA‖_F ‖BᵀB‖_F), between 0 and 1. The dimensions may differ.
/// - Its value for shuffled classes is the mean of CKA over all ways to match the classes of one state with those of the
///   other: ‖A‖²_F‖B‖²_F / ((K − 1)‖AᵀA‖_F ‖BᵀB‖_F), since a permutation spreads BBᵀ evenly. For isotropic noise it is
///   about d/(K + d).
/// - The Procrustes distance is 1 − ‖AᵀB‖_*/(‖A‖_F‖B‖_F). For equal dimensions it is the least ½‖ÂQ − B̂‖²_F over all
///   rotations Q of the normalized means. So ½‖Â − B̂‖²_F bounds it, and a state is at distance 0 from itself, exactly.
/// - Equal means have equal products, so the CKA of a state with itself is x/√(x·x) = 1, exactly.
/// - Complexity: O(K·d_A·d_B) for the products, and O(d³) for the singular values.
/// - Source: Kornblith et al. 2019; Schönemann 1966.
struct MeansSimilarity: Sendable, Equatable {
  let cka: Double
  let shuffledCKA: Double
  let procrustesDistance: Double

  /// Nil if the class means of a state do not differ.
  init?(_ a: ComparedState, _ b: ComparedState, threads: Int) throws {
    guard a.means.differ, b.means.differ else { return nil }
    let (left, right) = (Side(a), Side(b))
    var product = try Matrix(rows: left.means.columns, columns: right.means.columns)
    let cross = try left.squaredProduct(right, threads: threads) { row, column, value in product[row, column] = value }
    let own = try (
      left.squaredProduct(left, threads: threads) { _, _, _ in },
      right.squaredProduct(right, threads: threads) { _, _, _ in }
    )
    let scale = (own.0 * own.1).squareRoot()
    cka = min(cross / scale, 1)
    shuffledCKA = 1 / (Double(a.means.classes - 1) * scale)
    let nuclear = try SingularValues.of(product).reduce(0, +)
    procrustesDistance = max(min(1 - nuclear, left.distanceUnrotated(from: right)), 0)
  }

  /// Centred means, to be divided by their Frobenius norm.
  private struct Side {
    let means: Matrix
    /// 1/‖M‖_F.
    let scale: Double

    init(_ state: ComparedState) { (means, scale) = (state.means.centred, 1 / state.frobeniusNorm) }

    /// ‖M̂ᵀN̂‖²_F. Passes on each element of the product.
    func squaredProduct(
      _ other: Side, threads: Int, _ body: (_ row: Int, _ column: Int, _ value: Double) -> Void
    ) throws -> Double {
      var sum = 0.0
      try MatrixProducts.forEachTile(ofTransposed: means, other.means, threads: threads) { rows, columns, product in
        for (offset, element) in product.enumerated() {
          let value = element * scale * other.scale
          sum += value * value
          body(rows.lowerBound + offset / columns.count, columns.lowerBound + offset % columns.count, value)
        }
      }
      return sum
    }

    /// ½‖M̂ − N̂‖²_F; infinite for other dimensions.
    func distanceUnrotated(from other: Side) -> Double {
      guard means.columns == other.means.columns else { return .infinity }
      return means.withUnsafeElements { one in
        other.means.withUnsafeElements { two in
          guard let one = one.baseAddress, let two = two.baseAddress else { return .infinity }
          return 0.5 * squaredDifference(one, times: scale, two, times: other.scale, count: means.elements.count)
        }
      }
    }
  }
}
