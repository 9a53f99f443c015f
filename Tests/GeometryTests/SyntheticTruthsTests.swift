import Foundation
import Testing

@testable import Moments

/// Arrangements of classes whose every statistic is known in closed form, rotated and shifted away from the axes.
@Suite("Synthetic truths")
struct SyntheticTruthsTests {
  /// The K corners of a simplex of radius 1 in the first K − 1 of d dimensions: columns of Helmert's matrix.
  private func simplex(_ k: Int, in d: Int) -> [[Double]] {
    (0..<k).map { corner in
      (0..<d).map { row in
        guard row + 1 < k else { return 0 }
        let n = Double(row + 1)
        let entry = corner <= row ? 1 / (n * (n + 1)).squareRoot() : corner == row + 1 ? -(n / (n + 1)).squareRoot() : 0
        return entry * (Double(k) / Double(k - 1)).squareRoot()
      }
    }
  }

  /// Mirrored at a plane that is not along an axis, and shifted.
  private func turned(_ means: [[Double]], by offset: Double = 0) -> [[Double]] {
    let mirror = unit((0..<means[0].count).map { 1 + Double($0 % 7) })
    return means.map { mean in
      let along = 2 * inner(mean, mirror)
      return zip(mean, mirror).map { $0 - along * $1 + offset }
    }
  }

  /// A thousand samples per class, whose covariance within classes is `width`·I.
  private func table(_ means: [[Double]], width: Double) -> MomentsTable {
    let (k, d) = (Double(means.count), means[0].count)
    return MomentsTable(
      means: means, m2: means.map { _ in 1000 * width * Double(d) }, counts: means.map { _ in 1000 },
      withinScatter: unitVectors(d).map { $0.map { $0 * 1000 * k * width } })
  }

  @Test(
    "A simplex with samples spread evenly about its corners, K < d, K = d + 1 and K = 2",
    arguments: [(2, 1), (2, 7), (5, 16), (9, 8), (65, 64), (40, 200)])
  func simplex(classes: Int, dimension: Int) throws {
    let (k, d, width) = (Double(classes), Double(dimension), 0.3)
    let means = turned(simplex(classes, in: dimension), by: 5)
    let centred = try MomentsTable(means: means).centred().centred.vectors
    let measures = try table(means, width: width).measure(classifier: centred)
    // Σ_W = w·I, and Σ_B = 1/(K − 1) on the K − 1 dimensions of the means.
    #expect(deviation(try measures.scalar("nc1_quotient"), width * d) < 1e-12)
    #expect(deviation(try measures.scalar("nc1_pinv"), width * (k - 1) * (k - 1) / k) < 1e-12)
    #expect(deviation(try measures.scalar("nc1_svd"), width * (k - 1) * (k - 1) / k) < 1e-12)
    // ‖μ_c − μ_c′‖² = 2K/(K − 1).
    #expect(deviation(try measures.pairs("nc1_cdnv").mean, width * d * (k - 1) / (2 * k)) < 1e-12)
    #expect(deviation(try measures.classes("nc2_norm").mean, 1) < 1e-12)
    #expect(deviation(try measures.pairs("nc2_interference").mean, -1 / (k - 1)) < 1e-12)
    #expect(try #require(try measures.pairs("nc2_interference").std) < 1e-14)
    #expect(deviation(try measures.pairs("gnc2_distance").mean, (2 * k / (k - 1)).squareRoot()) < 1e-12)
    #expect(deviation(try measures.classes("nc3_cosine").mean, 1) < 1e-12)
    for id in ["nc2_etf_error", "nc3_dual_error"] { #expect(try #require(try measures.scalar(id)) < 1e-12) }
    // K may be near d, which is no harm here: the condition number is 1.
    #expect(measures.remarks.allSatisfy { $0.topic == .nearSingular && $0.text.hasSuffix("condition number is 1") })
  }

  @Test("The same without any spread", arguments: [(2, 3), (5, 16), (9, 8)])
  func collapsed(classes: Int, dimension: Int) throws {
    let measures = try table(turned(simplex(classes, in: dimension)), width: 0).measure()
    for id in ["nc1_quotient", "nc1_pinv", "nc1_svd"] { #expect(try measures.scalar(id) == 0, "\(id)") }
    for id in ["nc1_cdnv", "nc1_cdnv_squared"] {
      #expect(try measures.pairs(id).mean == 0)
      #expect(try measures.pairs(id).std == 0)
    }
  }

  @Test("K ≫ d: points evenly around a circle reach the bound of the simplex error", arguments: [12, 1000])
  func circle(classes: Int) throws {
    let k = Double(classes)
    let means = (0..<classes).map { [cos(2 * .pi * Double($0) / k), sin(2 * .pi * Double($0) / k)] }
    let measures = try table(turned(means, by: 3), width: 0.1).measure()
    let mean = -1 / (k - 1)
    // Σ_c′ cos² = K/2 for each c, including the 1 with itself.
    let square = (k / 2 - 1) / (k - 1)
    let pairs = try measures.pairs("nc2_interference")
    #expect(deviation(pairs.mean, mean) < 1e-10)
    #expect(deviation(pairs.std, (square - mean * mean).squareRoot()) < 1e-12)
    #expect(deviation(try measures.scalar("nc2_etf_error"), (2 - 2 * (2 / (k - 1)).squareRoot()).squareRoot()) < 1e-12)
    #expect(deviation(try measures.scalar("nc1_pinv"), 0.1 * 2 * 2 / k) < 1e-12)
    #expect(deviation(try measures.scalar("nc2_max_coherence"), cos(2 * .pi / k)) < 1e-12)
  }

  @Test("Opposites along d axes: pairs at −1, all others orthogonal", arguments: [2, 16])
  func opposites(dimension: Int) throws {
    let (d, axes) = (Double(dimension), unitVectors(dimension))
    let measures = try table(turned(axes + axes.map { $0.map { -$0 } }), width: 1).measure()
    let mean = -1 / (2 * d - 1)
    let pairs = try measures.pairs("nc2_interference")
    #expect(deviation(pairs.mean, mean) < 1e-12)
    #expect(deviation(pairs.std, (-mean - mean * mean).squareRoot()) < 1e-12)
    // Σ_B = I/d.
    #expect(deviation(try measures.scalar("nc1_pinv"), d * d / (2 * d)) < 1e-12)
    #expect(try #require(try measures.scalar("nc2_max_coherence")).magnitude < 1e-15)
  }

  @Test("An orthonormal frame that its classifier repeats: cosines of √(1 − 1/K)", arguments: [2, 6, 50])
  func frame(classes: Int) throws {
    let k = Double(classes)
    let frame = turned(unitVectors(classes))
    let measures = try MomentsTable(means: frame).measure(classifier: frame)
    #expect(deviation(try measures.classes("nc3_cosine").mean, (1 - 1 / k).squareRoot()) < 1e-13)
    #expect(deviation(try measures.classes("nc3_dot").mean, 1 - 1 / k) < 1e-13)
    #expect(deviation(try measures.pairs("nc2_interference").mean, -1 / (k - 1)) < 1e-12)
    #expect(try #require(try measures.scalar("nc3_dual_error")) < 1e-12)
  }
}
