import Samples

/// How far S = A·Bᵀ is from the Gram matrix of a simplex: ‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F, within 0 … 2.
///
/// S is [K × K] and never formed. With P = I − 11ᵀ/K, a projection of norm √(K−1),
///
///     error² = 2 − 2·tr(P·S) / (‖S‖_F·√(K−1)),
///     tr(P·S) = Σ_c ⟨a_c − ā, b_c⟩,   ‖S‖²_F = ⟨AᵀA, BᵀB⟩_F,
///
/// which is O(K·d²). error² loses digits when it is small compared with 2, and ‖S‖²_F when it is small compared with
/// its terms. So if error² < 0.01, it is summed entry by entry, (S_ij/‖S‖_F − P_ij/√(K−1))², tile by tile. The same
/// holds for ‖S‖²_F if it is below a thousandth of its terms' absolute sum. An error this small needs rank S ≈ K − 1,
/// that is K ≲ d, so the O(K²·d) sum costs no more than the d×d products.
///
/// - For K = 1 or S = 0 the error is undefined: nil.
struct SimplexDeviation {
  let left: Matrix
  let right: Matrix
  /// AᵀA and BᵀB, [d × d].
  let leftGram: Matrix
  let rightGram: Matrix
  let threads: Int

  var error: Double? {
    get throws {
      let norm = try squaredNorm.squareRoot()
      guard left.rows > 1, norm > 0 else { return nil }
      let squared = try 2 - 2 * centredTrace / (norm * Double(left.rows - 1).squareRoot())
      return try (squared < Self.small ? squaredError(norm: norm) : squared).squareRoot()
    }
  }

  static let small = 0.01

  /// tr(P·S).
  var centredTrace: Double {
    get throws {
      let centred = try GlobalMean.unweighted.centre(left, counts: Array(repeating: 1, count: left.rows))
      return zip(centred.elements, right.elements).reduce(into: CompensatedSum()) { $0.add($1.0 * $1.1) }.value
    }
  }

  /// ‖S‖²_F.
  var squaredNorm: Double {
    get throws {
      var sum = 0.0
      var magnitude = 0.0
      for (a, b) in zip(leftGram.elements, rightGram.elements) {
        sum += a * b
        magnitude += (a * b).magnitude
      }
      return try sum < 1e-3 * magnitude ? sumOverEntries { _, _, entry in entry * entry } : sum
    }
  }

  /// error², entry by entry.
  func squaredError(norm: Double) throws -> Double {
    let k = Double(left.rows)
    let scale = 1 / (k - 1).squareRoot()
    let (diagonal, other) = ((1 - 1 / k) * scale, -scale / k)
    return try sumOverEntries { row, column, entry in
      let deviation = entry / norm - (row == column ? diagonal : other)
      return deviation * deviation
    }
  }

  /// The sum of a function over the entries of S, with only a few strips of S in memory at once.
  private func sumOverEntries(
    _ term: @Sendable (_ row: Int, _ column: Int, _ entry: Double) -> Double
  ) throws -> Double {
    let blocks = ranges(of: left.rows, size: UpperTriangleTiles.standard)
    var sum = 0.0
    try OrderedTasks.run(blocks.count * blocks.count, threads: threads) { number in
      let (rows, columns) = (blocks[number / blocks.count], blocks[number % blocks.count])
      let tile = MatrixProducts.ofRows(left, rows, right, columns)
      return tile.indices.reduce(0.0) {
        $0 + term(rows.lowerBound + $1 / columns.count, columns.lowerBound + $1 % columns.count, tile[$1])
      }
    } merge: { _, part in
      sum += part
    }
    return sum
  }
}
