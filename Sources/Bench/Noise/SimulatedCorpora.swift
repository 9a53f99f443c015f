import Foundation
import Moments
import Samples
import Support

/// Corpora drawn from known class means and spreads: labels by Zipf's law, normal features.
struct SimulatedCorpora: NoisyCorpora {
  let classes: Int
  let samples: Int
  /// The shares of the axes in a class's variance, which sum to 1: the eigenvalues of Σ̃.
  let shape: [Double]
  let seed: Int
  let squaredTrace: Double

  /// - Parameter squaredTrace: t₂, the sum of the squares of the shares, at least 1/d.
  init(classes: Int, dimension: Int, samples: Int, squaredTrace: Double, seed: Int) {
    (self.classes, self.samples, self.squaredTrace, self.seed) = (classes, samples, squaredTrace, seed)
    func shares(_ exponent: Double) -> [Double] {
      let powers = (1...dimension).map { pow(Double($0), -exponent) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
    var (low, high) = (0.0, 16.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if shares(middle).reduce(0, { $0 + $1 * $1 }) > squaredTrace { high = middle } else { low = middle }
    }
    shape = shares(low)
  }

  /// Draws labels, true means and spreads.
  func truth(_ number: Int) -> CorpusTruth {
    var normal = NormalNumbers(seed: seed, number: 2 * number)
    let labels = ZipfLabels(vocabulary: classes, seed: UInt64(truncatingIfNeeded: number))
    var counts = [Int](repeating: 0, count: classes)
    for _ in 0..<samples { counts[Int(labels.label(normal.unit()))] += 1 }
    counts.removeAll { $0 == 0 }
    let scale = 1 / Double(shape.count).squareRoot()
    let means = (0..<counts.count * shape.count).map { _ in scale * normal.next() }
    return CorpusTruth(counts: counts, means: means, spreads: counts.map { _ in exp(0.3 * normal.next()) })
  }

  /// The moments of one corpus: its features are drawn, its labels are those of the truth.
  func draw(_ truth: CorpusTruth, _ number: Int) throws -> MomentsTable {
    var normal = NormalNumbers(seed: seed, number: 2 * number + 1)
    let d = shape.count
    var (means, m2, scatter) = (truth.means, [Double](), [Double](repeating: 0, count: d * d))
    for (c, count) in truth.counts.enumerated() {
      let roots = shape.map { ($0 * truth.spreads[c]).squareRoot() }
      // Deviations from the true mean; then from the mean of the corpus.
      var rows = (0..<count * d).map { roots[$0 % d] * normal.next() }
      let offset = (0..<d).map { j in stride(from: j, to: rows.count, by: d).reduce(0) { $0 + rows[$1] } / Double(count)
      }
      for index in rows.indices { rows[index] -= offset[index % d] }
      for j in 0..<d { means[c * d + j] += offset[j] }
      for start in stride(from: 0, to: rows.count, by: d) {
        for i in 0..<d { for j in 0..<d { scatter[i * d + j] += rows[start + i] * rows[start + j] } }
      }
      m2.append(rows.reduce(0) { $0 + $1 * $1 })
    }
    func matrix(_ rows: Int, _ elements: [Double]) throws -> Matrix {
      try Matrix(rows: rows, columns: d) { target in for index in target.indices { target[index] = elements[index] } }
    }
    return MomentsTable(
      tokens: truth.counts.indices.map { Int32($0) }, counts: truth.counts,
      means: try matrix(truth.counts.count, means), m2: m2, withinScatter: try matrix(d, scatter))
  }
}

/// Normally distributed numbers, by Box & Muller.
private struct NormalNumbers {
  private var random: SplitMix64
  private var second: Double?

  /// - Parameter number: which of the sequences of the seed.
  init(seed: Int, number: Int) {
    var seeds = SplitMix64(seed: UInt64(bitPattern: Int64(seed)), skipping: number)
    random = SplitMix64(seed: seeds.next())
  }

  mutating func unit() -> Double { random.unit() }

  mutating func next() -> Double {
    if let number = second {
      second = nil
      return number
    }
    let radius = (-2 * log(1 - random.unit())).squareRoot()
    let angle = 2 * Double.pi * random.unit()
    second = radius * sin(angle)
    return radius * cos(angle)
  }
}
