import Foundation
import Study

/// Classes by octave of their sample counts: 1, 2–3, 4–7, 8–15, …
struct FrequencyBands {
  struct Band {
    /// Sample counts of its classes: 2^k to 2^(k+1) − 1.
    let lower: Int
    let upper: Int
    /// Rows of its classes in the table.
    let classes: [Int]

    /// Its position on a logarithmic axis.
    var middle: Double { (Double(lower) * Double(upper)).squareRoot() }
  }

  /// The octaves that have classes, ascending.
  let bands: [Band]

  /// Classes without samples are in no band.
  init(_ counts: some Collection<Double?>) {
    var byOctave: [Int: [Int]] = [:]
    for (place, count) in counts.enumerated() {
      guard let count, count >= 1, count.isFinite else { continue }
      byOctave[Int(count.exponent), default: []].append(place)
    }
    bands = byOctave.keys.sorted().filter { $0 < 62 }.map { octave in
      Band(lower: 1 << octave, upper: (2 << octave) - 1, classes: byOctave[octave] ?? [])
    }
  }
}

/// Quartiles of some numbers, with linear interpolation between neighbours.
struct Quartiles: Equatable {
  let lower: Double
  let median: Double
  let upper: Double

  /// Nil without numbers.
  init?(_ numbers: [Double]) {
    guard !numbers.isEmpty else { return nil }
    let sorted = numbers.sorted()
    (lower, median, upper) = (
      Bootstrap.percentile(sorted, 0.25), Bootstrap.percentile(sorted, 0.5), Bootstrap.percentile(sorted, 0.75)
    )
  }
}
