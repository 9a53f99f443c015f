import Samples
import Support

/// A random sample of the pairs of classes, for more classes than a sweep over all pairs can handle in time.
package struct PairSampling: Sendable, Equatable {
  /// Pairs to draw.
  package let pairs: Int
  /// The same seed draws the same pairs.
  package let seed: Int

  package init(pairs: Int, seed: Int = 0) {
    (self.pairs, self.seed) = (pairs, seed)
  }

  /// Pairs per batch. Part of the algorithm: another size draws other pairs.
  static let batch = 1 << 12

  var batches: Int { max(0, (pairs + Self.batch - 1) / Self.batch) }

  /// The pairs of one batch, drawn with replacement; each of the K(K−1)/2 pairs is equally likely.
  func pairs(ofBatch number: Int, of means: CentredMeans) -> [Pair] {
    var seeds = SplitMix64(seed: UInt64(bitPattern: Int64(seed)), skipping: number)
    var random = SplitMix64(seed: seeds.next())
    return (0..<min(Self.batch, pairs - number * Self.batch)).map { _ in means.pair(drawnBy: &random) }
  }
}

extension CentredMeans {
  /// Two different classes; each pair of them is equally likely.
  func pair(drawnBy random: inout SplitMix64) -> Pair {
    let a = random.below(classes)
    let other = random.below(classes - 1)
    let b = other < a ? other : other + 1
    return pair(a, b, inner: centred.inner(a, b))
  }
}

extension Matrix {
  /// ⟨row a, row b⟩.
  fileprivate func inner(_ a: Int, _ b: Int) -> Double {
    withUnsafeElements { elements in
      guard let start = elements.baseAddress else { return 0 }
      return dot(start + a * columns, start + b * columns, count: columns)
    }
  }
}
