/// Count, mean and Σ(x − mean)² of some numbers. Two of them can be merged.
///
/// The sum of squares is taken about the mean in a second pass, less what the rounding of the mean adds to it. It is
/// never the difference Σx² − (Σx)²/n.
///
/// - Source: Chan, Golub & LeVeque 1979.
struct RunningVariance: Sendable, Equatable {
  private(set) var count = 0
  private(set) var mean = 0.0
  private(set) var m2 = 0.0

  init() {}

  init(_ values: some Collection<Double>) {
    guard !values.isEmpty else { return }
    let n = Double(values.count)
    let centre = values.reduce(0, +) / n
    var sum = 0.0
    var squares = 0.0
    for value in values {
      let deviation = value - centre
      sum += deviation
      squares += deviation * deviation
    }
    count = values.count
    mean = centre + sum / n
    m2 = max(0, squares - sum * sum / n)
  }

  /// From Σ (x − shift) and Σ (x − shift)² of numbers x, for a shift near their mean.
  init(count: Int, shift: Double, sum: Double, squares: Double) {
    guard count > 0 else { return }
    let n = Double(count)
    self.count = count
    mean = shift + sum / n
    m2 = max(0, squares - sum * sum / n)
  }

  mutating func merge(_ other: RunningVariance) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = Double(count) + Double(other.count)
    let delta = other.mean - mean
    mean += delta * (Double(other.count) / total)
    m2 += other.m2 + delta * delta * (Double(count) * Double(other.count) / total)
    count += other.count
  }

  /// √(m2/n); nil if there are no numbers.
  var populationDeviation: Double? { count > 0 ? (m2 / Double(count)).squareRoot() : nil }

  /// √(m2/(n − 1)); nil for fewer than two numbers.
  var sampleDeviation: Double? { count > 1 ? (m2 / Double(count - 1)).squareRoot() : nil }
}
