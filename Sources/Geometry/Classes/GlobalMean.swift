import Samples

/// The global mean μ_G that is subtracted from class means.
package enum GlobalMean: String, Sendable, CaseIterable {
  /// μ_G = (1/K) Σ_c μ_c, which counts each class once, as the reference does.
  case unweighted
  /// μ_G = Σ_c n_c μ_c / Σ_c n_c, which counts each sample of the selected classes once.
  case weighted

  /// m_c = μ_c − μ_G for every row of `means`. The rows of `lowPart` are the low parts of the means, if they were kept.
  ///
  /// μ_G is a compensated sum, subtracted as head and tail. So each m_c has a rounding error relative to its own size,
  /// not to the size of an offset that all features share.
  ///
  /// - Complexity: O(K·d).
  func centre(_ means: Matrix, lowPart: Matrix? = nil, counts: [Int]) -> Matrix {
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
    let centre = sums.map { $0.divided(by: total) }
    return Matrix(rows: means.rows, columns: means.columns) { centred in
      for row in 0..<means.rows {
        let start = row * means.columns
        for (column, value) in means[row: row].enumerated() {
          let rest = lowPart.map { $0.elements[start + column] } ?? 0
          centred[start + column] = (value - centre[column].head) + (rest - centre[column].tail)
        }
      }
    }
  }
}
