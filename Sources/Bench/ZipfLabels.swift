import Support

/// Labels as skewed as language: the token class of rank r has a share proportional to 1/r (Zipf's law, exponent 1).
/// Which token id has which rank is random.
struct ZipfLabels: Sendable {
  /// Σ 1/i for i up to each rank, counted from 1.
  private let harmonic: [Double]
  /// The token id of each rank.
  private let tokens: [Int32]

  /// - Parameter vocabulary: V, at least 1; token ids are below it.
  init(vocabulary: Int, seed: UInt64) {
    var sum = 0.0
    harmonic = (1...vocabulary).map { rank in
      sum += 1 / Double(rank)
      return sum
    }
    var random = SplitMix64(seed: seed)
    var tokens = (0..<vocabulary).map { Int32(truncatingIfNeeded: $0) }
    for last in stride(from: vocabulary - 1, to: 0, by: -1) { tokens.swapAt(last, random.below(last + 1)) }
    self.tokens = tokens
  }

  /// The label for a number that is uniform in 0 ..< 1.
  func label(_ unit: Double) -> Int32 {
    let place = unit * harmonic[harmonic.count - 1]
    var (low, high) = (0, harmonic.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if harmonic[middle] > place { high = middle } else { low = middle + 1 }
    }
    return tokens[low]
  }
}
