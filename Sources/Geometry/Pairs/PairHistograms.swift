import CollapseKernels
import Foundation

/// How the pair statistics are distributed over the pairs of classes.
///
/// Bins are fixed, so that histograms of different models can be laid over each other:
/// - ⟨û_c, û_c′⟩ has 512 bins of 1/256 from −1 to 1. Its absolute value, the distance, the logarithmic and the Riesz energy
///   are functions of it, and so are their bins: of −log‖û_c − û_c′‖ = −½ log(2 − 2x) for the edges x, and so on;
/// - CDNV has eight bins an octave from 2⁻³² to 2³², CDNV with the fourth power four an octave from 2⁻⁶⁴ to 2⁶⁴; the bins of an
///   octave have one width. The first has all that is smaller too, the last all that is larger.
///
/// A bin has its lower edge and not its upper one. Infinite values, and those of classes without a direction, are in none.
struct PairHistograms: Sendable, Equatable {
  private(set) var cosine: [Int]
  private(set) var classDistanceNormalizedVariance: [Int]
  private(set) var squaredClassDistanceNormalizedVariance: [Int]

  static let bins = Int(COLLAPSE_BINS)

  /// Without any pairs.
  init() {
    let none = [Int](repeating: 0, count: Self.bins)
    self.init(
      cosine: none, classDistanceNormalizedVariance: none, squaredClassDistanceNormalizedVariance: none)
  }

  init(
    cosine: [Int], classDistanceNormalizedVariance: [Int], squaredClassDistanceNormalizedVariance: [Int]
  ) {
    self.cosine = cosine
    self.classDistanceNormalizedVariance = classDistanceNormalizedVariance
    self.squaredClassDistanceNormalizedVariance = squaredClassDistanceNormalizedVariance
  }

  mutating func add(_ pair: Pair) {
    if !pair.cosine.isNaN { cosine[Self.cosineBin(pair.cosine)] += 1 }
    let cdnv = ClassDistanceNormalizedVariance().value(pair)
    if cdnv.isFinite { classDistanceNormalizedVariance[Self.cdnvScale.bin(cdnv)] += 1 }
    let squared = SquaredClassDistanceNormalizedVariance().value(pair)
    if squared.isFinite { squaredClassDistanceNormalizedVariance[Self.squaredScale.bin(squared)] += 1 }
  }

  mutating func merge(_ other: PairHistograms) {
    for bin in 0..<Self.bins {
      cosine[bin] += other.cosine[bin]
      classDistanceNormalizedVariance[bin] += other.classDistanceNormalizedVariance[bin]
      squaredClassDistanceNormalizedVariance[bin] += other.squaredClassDistanceNormalizedVariance[bin]
    }
  }

  /// The histogram of one statistic.
  func of(_ slot: PairSlot) -> PairHistogram {
    switch slot {
    case .classDistanceNormalizedVariance:
      PairHistogram(edges: Self.cdnvScale.edges, pairs: classDistanceNormalizedVariance)
    case .squaredClassDistanceNormalizedVariance:
      PairHistogram(edges: Self.squaredScale.edges, pairs: squaredClassDistanceNormalizedVariance)
    case .interference: PairHistogram(edges: Self.cosineEdges, pairs: cosine)
    case .absoluteInterference:
      PairHistogram(
        edges: Array(Self.cosineEdges[(Self.bins / 2)...]),
        pairs: (0..<Self.bins / 2).map { cosine[Self.bins / 2 + $0] + cosine[Self.bins / 2 - 1 - $0] })
    case .logarithmicEnergy: PairHistogram(edges: Self.chordEdges.map { -log($0) }, pairs: cosine)
    case .angularDistance: PairHistogram(edges: Self.chordEdges.reversed(), pairs: cosine.reversed())
    case .rieszEnergy: PairHistogram(edges: Self.chordEdges.map { 1 / $0 }, pairs: cosine)
    }
  }

  static func cosineBin(_ cosine: Double) -> Int {
    min(max(Int((cosine + 1) * Double(bins / 2)), 0), bins - 1)
  }

  private static let cosineEdges = (0...bins).map { Double($0) / Double(bins / 2) - 1 }
  private static let chordEdges = cosineEdges.map { (2 - 2 * $0).squareRoot() }
  private static let cdnvScale = OctaveBins(bits: Int(COLLAPSE_CDNV_BITS), exponent: Int(COLLAPSE_CDNV_EXPONENT))
  private static let squaredScale = OctaveBins(
    bits: Int(COLLAPSE_CDNV_SQUARED_BITS), exponent: Int(COLLAPSE_CDNV_SQUARED_EXPONENT))
}

/// Numbers of pairs by bins of a statistic.
public struct PairHistogram: Sendable, Equatable {
  /// Ascending, one more than there are bins; the first may be −∞ or 0, the last ∞.
  public let edges: [Double]
  /// Pairs of each bin.
  public let pairs: [Int]
}

/// Bins of 2^bits to an octave, from 2^exponent on.
private struct OctaveBins {
  let bits: Int
  let exponent: Int

  func bin(_ value: Double) -> Int {
    let place = Int(value.bitPattern >> UInt64(52 - bits)) - ((1023 + exponent) << bits)
    return min(max(place, 0), PairHistograms.bins - 1)
  }

  var edges: [Double] {
    let perOctave = 1 << bits
    let inner = (1..<PairHistograms.bins).map { bin in
      Double(sign: .plus, exponent: exponent + bin / perOctave, significand: 1)
        * (1 + Double(bin % perOctave) / Double(perOctave))
    }
    return [0] + inner + [.infinity]
  }
}
