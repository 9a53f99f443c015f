import CollapseKernels

/// How the values of a pair statistic are counted.
///
/// Bins are fixed, so that histograms of different models can be laid over each other. A bin has its lower edge and not its
/// upper one; the first has all that is smaller too, the last all that is larger. Infinite values, and those of classes without a
/// direction, are in none.
enum PairBins: Sendable, Equatable {
  /// For positive values: 2^bits bins to an octave, of one width within it, from 2^exponent on.
  case octaves(bits: Int, from: Int)
  /// For bounded values: bins of one width.
  case even(ClosedRange<Double>)
  /// For a function of the cosine alone: where its values are is known from the bins of ``Interference``.
  case ofCosines

  static let count = Int(COLLAPSE_BINS)

  /// Ascending, one more than there are bins.
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

  /// The bin of a finite value; nil where values are not counted.
  func bin(_ value: Double) -> Int? {
    let place: Int
    switch self {
    case .octaves: place = Int(value.bitPattern >> UInt64(kernel.shift)) - Int(kernel.first)
    case .even(let range): place = Int(min(max((value - range.lowerBound) * kernel.scale, 0), Double(Self.count)))
    case .ofCosines: return nil
    }
    return min(max(place, 0), Self.count - 1)
  }

  /// As the kernel counts.
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

/// Numbers of pairs by bins of a statistic.
public struct PairHistogram: Sendable, Equatable {
  /// Ascending, one more than there are bins; the first may be 0, the last ∞.
  public let edges: [Double]
  /// Pairs of each bin.
  public let pairs: [Int]
}
