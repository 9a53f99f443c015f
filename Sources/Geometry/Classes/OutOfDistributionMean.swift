import Moments

/// μ_OOD, the mean feature of an out-of-distribution stream: Σ n_c μ_c / N over the classes of its moments.
///
/// The sum is compensated and includes the low parts of class means if they were kept. So it is the mean of the samples
/// to about the last digit, for any number of classes.
package struct OutOfDistributionMean: Sendable {
  private var sums: [CompensatedSum]
  private var samples = 0.0

  package init(dimension: Int) { sums = Array(repeating: CompensatedSum(), count: dimension) }

  /// d.
  package var dimension: Int { sums.count }

  /// Adds classes.
  ///
  /// - Precondition: their means have this dimension.
  package mutating func add(_ classes: MomentsTable) {
    for (row, count) in classes.counts.enumerated() {
      let weight = Double(count)
      samples += weight
      for (column, value) in classes.means[row: row].enumerated() { sums[column].add(value, times: weight) }
      guard let lowPart = classes.lowPart else { continue }
      for (column, value) in lowPart[row: row].enumerated() { sums[column].add(value, times: weight) }
    }
  }

  /// μ_OOD; zero if nothing was added.
  var mean: [Double] { sums.map { samples > 0 ? $0.divided(by: samples).head : 0 } }
}
