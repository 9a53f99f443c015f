import CollapseKernels

/// How the values of a pair statistic are binned.
///
/// Bins are fixed, so that histograms of different models can be overlaid. A bin includes its lower edge but not its
/// upper one. The first also takes all smaller values, and the last all larger ones. Infinite values, and values of
/// classes without a direction, are in no bin.
enum PairBins: Sendable, Equatable {
  /// For positive values: 2^bits bins per octave, of equal width within it, from 2^exponent on.
  case octaves(bits: Int, from: Int)
  /// For bounded values: bins of equal width.
  case even(ClosedRange<Double>)
  /// For a function of the cosine alone: its histogram follows from the bins of ``Interference``.
  case ofCosines

  static let count = Int(COLLAPSE_BINS)

  /// Ascending, one more than the number of bins.
  var edges: [Double] {
    switch self {
    case .octaves(let bits, let first):
      let perOctave = 1 << bits
      let inner = (1..<Self.count).map { bin -> Double in
        let octave = Double(sign: .plus, exponent: first + bin / perOctave, significand: 1)
        return octave * (1 + Double(bin % perOctave) / Double(perOctave))
      }
      return [0] + inner + [.infinity]
    case .even(let range): return (0...Self.count).map { range.lowerBound + Double($0) / kernel.scale }
    case .ofCosines: return []
    }
  }

  /// The bin of a finite value; nil if values are not counted.
  func bin(_ value: Double) -> Int? {
    let place: Int
    switch self {
    case .octaves: place = Int(value.bitPattern >> UInt64(kernel.shift)) - Int(kernel.first)
    case .even(let range): place = Int(min(max((value - range.lowerBound) * kernel.scale, 0), Double(Self.count)))
    case .ofCosines: return nil
    }
    return min(max(place, 0), Self.count - 1)
  }

  /// The same bins for the kernel.
  var kernel: collapse_pair_bins {
    switch self {
    case .octaves(let bits, let first):
      collapse_pair_bins(from: 0, scale: 0, shift: Int32(52 - bits), first: Int32((1023 + first) << bits))
    case .even(let range):
      collapse_pair_bins(
        from: range.lowerBound, scale: Double(Self.count) / (range.upperBound - range.lowerBound), shift: 0, first: 0)
    case .ofCosines: collapse_pair_bins()
    }
  }
}

/// Counts of pairs by bins of a statistic.
package struct PairHistogram: Sendable, Equatable {
  /// Ascending, one more than the number of bins; the first may be 0, the last ∞.
  package let edges: [Double]
  /// Number of pairs in each bin.
  package let pairs: [Int]
}
