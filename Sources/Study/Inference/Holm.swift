/// Holm's step-down correction of m p-values that are tested together. In ascending order, the i-th of them (from 0) is
/// multiplied by m − i, raised at least to the one before it, and capped at 1.
///
/// - Source: Holm 1979.
enum Holm {
  /// - Parameter p: nil for properties that were not tested; they do not count.
  static func adjusted(_ p: [Double?]) -> [Double?] {
    let order = p.indices.compactMap { index in p[index].map { (p: $0, index: index) } }
      .sorted { ($0.p, $0.index) < ($1.p, $1.index) }
    var adjusted = [Double?](repeating: nil, count: p.count)
    var greatest = 0.0
    for (step, entry) in order.enumerated() {
      greatest = max(greatest, min(1, Double(order.count - step) * entry.p))
      adjusted[entry.index] = greatest
    }
    return adjusted
  }
}
