import Samples

/// Which global mean μ_G the class means are centred by.
public enum GlobalMean: String, Sendable, CaseIterable {
  /// μ_G = (1/K) Σ_c μ_c, each class once: the reference's choice.
  case unweighted
  /// μ_G = Σ_c n_c μ_c / Σ_c n_c, each sample of the selected classes once.
  case weighted

  /// m_c = μ_c − μ_G for every row of `means`, to each of which the row of `carry` belongs, where there is one.
  ///
  /// μ_G is a compensated sum, subtracted as head and tail, so each m_c carries rounding of its own size and not of the
  /// size of an offset that all features share.
  ///
  /// - Complexity: O(K·d).
  func centre(_ means: Matrix, carry: Matrix? = nil, counts: [Int]) -> Matrix {
    var sums = Array(repeating: CompensatedSum(), count: means.columns)
    var total = 0.0
    for (row, count) in counts.enumerated() {
      let weight = self == .weighted ? Double(count) : 1
      total += weight
      for (column, value) in means[row: row].enumerated() { sums[column].add(value, times: weight) }
      if let carry {
        for (column, value) in carry[row: row].enumerated() { sums[column].add(value, times: weight) }
      }
    }
    let centre = sums.map { $0.divided(by: total) }
    return Matrix(rows: means.rows, columns: means.columns) { centred in
      for row in 0..<means.rows {
        let start = row * means.columns
        for (column, value) in means[row: row].enumerated() {
          let rest = carry.map { $0.elements[start + column] } ?? 0
          centred[start + column] = (value - centre[column].head) + (rest - centre[column].tail)
        }
      }
    }
  }
}
