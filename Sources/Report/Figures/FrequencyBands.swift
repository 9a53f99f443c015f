import Foundation
import Study

/// Classes by the octave of their samples: 1, 2–3, 4–7, 8–15, …
struct FrequencyBands {
  struct Band {
    /// Samples of its classes: from 2^k to less than twice as many.
    let lower: Int
    let upper: Int
    /// Places of its classes in the table.
    let classes: [Int]

    /// Where a figure with a logarithmic axis shows it.
    var middle: Double { (Double(lower) * Double(upper)).squareRoot() }
  }

  /// Those that have classes, ascending.
  let bands: [Band]

  /// Classes without samples are in none.
  init(_ counts: [Double?]) {
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

/// Quartiles of some numbers, between neighbours by linear interpolation.
struct Quartiles: Equatable {
  let lower: Double
  let median: Double
  let upper: Double

  /// Nil of no numbers.
  init?(_ numbers: [Double]) {
    guard !numbers.isEmpty else { return nil }
    let sorted = numbers.sorted()
    (lower, median, upper) = (
      Bootstrap.percentile(sorted, 0.25), Bootstrap.percentile(sorted, 0.5), Bootstrap.percentile(sorted, 0.75)
    )
  }
}
