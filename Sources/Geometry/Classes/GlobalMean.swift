import Samples

/// The global mean μ_G that is subtracted from class means.
package enum GlobalMean: String, Sendable, CaseIterable {
  /// μ_G = (1/K) Σ_c μ_c, which counts each class once, as the reference does.
  case unweighted
  /// μ_G = Σ_c n_c μ_c / Σ_c n_c, which counts each sample of the selected classes once.
  case weighted

  /// m_c = μ_c − μ_G for every row of `means`. The rows of `lowPart` are the low parts of the means, if they were kept.
  ///
  /// - Complexity: O(K·d).
  func centre(_ means: Matrix, lowPart: Matrix? = nil, counts: [Int]) throws -> Matrix {
    try mean(of: means, lowPart: lowPart, counts: counts).centre(means, lowPart: lowPart, rows: 0..<means.rows)
  }

  /// μ_G of class means.
  func mean(of means: Matrix, lowPart: Matrix? = nil, counts: [Int]) -> CentringMean {
    var sums = Array(repeating: CompensatedSum(), count: means.columns)
    var total = 0.0
    for (row, count) in counts.enumerated() {
      let weight = self == .weighted ? Double(count) : 1
      total += weight
      for (column, value) in means[row: row].enumerated() { sums[column].add(value, times: weight) }
      if let lowPart {
        for (column, value) in lowPart[row: row].enumerated() { sums[column].add(value, times: weight) }
      }
    }
    return CentringMean(parts: sums.map { $0.divided(by: total) })
  }
}

/// A mean that other vectors are centred on: a compensated sum, subtracted as head and tail.
///
/// So each difference has a rounding error relative to its own size, not to the size of an offset that all share.
struct CentringMean {
  let parts: [(head: Double, tail: Double)]

  /// ‖μ‖².
  var squaredNorm: Double { parts.reduce(0) { $0 + $1.head * $1.head } }

  /// Some rows of `means` less this mean, [rows × d].
  func centre(_ means: Matrix, lowPart: Matrix?, rows: Range<Int>) throws -> Matrix {
    try Matrix(rows: rows.count, columns: means.columns) { centred in
      for (place, row) in rows.enumerated() {
        let (start, target) = (row * means.columns, place * means.columns)
        for (column, value) in means[row: row].enumerated() {
          let rest = lowPart.map { $0.elements[start + column] } ?? 0
          centred[target + column] = (value - parts[column].head) + (rest - parts[column].tail)
        }
      }
    }
  }
}
