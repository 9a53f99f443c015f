import Moments

/// μ_OOD, the mean feature of an out-of-distribution stream: Σ n_c μ_c / N over the classes of its moments, or their
/// unweighted mean.
///
/// The sum is compensated and includes the low parts of class means if they were kept. So it is the mean of the samples
/// to about the last digit, for any number of classes.
package struct OutOfDistributionMean: Sendable {
  private var sums: [CompensatedSum]
  package private(set) var samples = 0
  private var classes = 0
  private let weighting: GlobalMean

  /// - Parameter weighting: whether each sample counts once, or each class.
  package init(dimension: Int, _ weighting: GlobalMean = .weighted) {
    sums = Array(repeating: CompensatedSum(), count: dimension)
    self.weighting = weighting
  }

  /// d.
  package var dimension: Int { sums.count }

  /// Adds classes.
  ///
  /// - Precondition: their means have this dimension.
  package mutating func add(_ classes: MomentsTable) {
    for (row, count) in classes.counts.enumerated() {
      let weight = weighting == .weighted ? Double(count) : 1
      samples += count
      self.classes += 1
      for (column, value) in classes.means[row: row].enumerated() { sums[column].add(value, times: weight) }
      guard let lowPart = classes.lowPart else { continue }
      for (column, value) in lowPart[row: row].enumerated() { sums[column].add(value, times: weight) }
    }
  }

  /// Adds the samples of another mean.
  ///
  /// - Precondition: it has this dimension, and both count samples: classes that both have would count twice.
  package mutating func merge(_ other: OutOfDistributionMean) {
    samples += other.samples
    classes += other.classes
    for (column, sum) in other.sums.enumerated() { sums[column].add(sum) }
  }

  /// μ_OOD; zero if nothing was added.
  var mean: [Double] {
    let total = Double(weighting == .weighted ? samples : classes)
    return sums.map { total > 0 ? $0.divided(by: total).head : 0 }
  }
}
