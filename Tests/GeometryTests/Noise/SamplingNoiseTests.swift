import TestSupport
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Sampling noise of class means")
struct SamplingNoiseTests {
  /// Eight classes of 1 to 9 samples.
  private let table = MomentsTable(
    means: Matrix.random(8, 5, seed: 3).vectors, m2: [0, 0, 0.2, 0.1, 0.5, 0.9, 0.3, 0.7],
    counts: [1, 1, 2, 2, 3, 9, 4, 5], withinScatter: unitVectors(5).map { $0.map { $0 * 0.54 } })

  /// e_c and s²_c, by loops.
  private func noise() -> (spreads: [Double], errors: [Double]) {
    let own = zip(table.m2, table.counts).map { $1 > 1 ? $0 / Double($1 - 1) : nil }
    let typical = own.compactMap(\.self).reduce(0, +) / Double(own.compactMap(\.self).count)
    let spreads = own.map { $0 ?? typical }
    return (spreads, zip(spreads, table.counts).map { $0 / Double($1) })
  }

  @Test("The corrected statistics are the definitions, summed over all classes and pairs")
  func definitions() throws {
    let (spreads, errors) = noise()
    let force = BruteForce(means: table.means.vectors, variances: zip(table.m2, table.counts).map { $0 / Double($1) })
    let (k, measures) = (8.0, try table.measure())
    let squares = force.centred.map { inner($0, $0) }
    let between = squares.reduce(0, +) / k
    let ofNoise = (1 - 1 / k) * errors.reduce(0, +) / k
    let within = table.m2.reduce(0, +) / Double(27 - 8)
    #expect(deviation(try measures.scalar("noise_share"), ofNoise / between) < 1e-13)
    #expect(deviation(try measures.scalar("between_trace_corrected"), between - ofNoise) < 1e-13)
    #expect(deviation(try measures.scalar("within_trace_corrected"), within) < 1e-13)
    #expect(deviation(try measures.scalar("nc1_quotient_corrected"), within / (between - ofNoise)) < 1e-13)

    func distance(_ a: Int, _ b: Int) -> Double {
      let difference = minus(force.means[a], force.means[b])
      return inner(difference, difference)
    }
    let raw = force.variances.reduce(0, +) / k / force.overPairs(distance).mean
    #expect(deviation(try measures.scalar("nc1_cdnv_ratio"), raw) < 1e-13)
    let corrected = force.overPairs { distance($0, $1) - errors[$0] - errors[$1] }.mean
    #expect(
      deviation(try measures.scalar("nc1_cdnv_ratio_corrected"), spreads.reduce(0, +) / k / corrected) < 1e-12)

    let norms = zip(squares, errors).map { $0 - $1 * (1 - 2 / k) - errors.reduce(0, +) / (k * k) }
    let (mean, std) = force.overClasses(norms)
    let summary = try measures.classes("nc2_norm_squared_corrected")
    #expect(deviation(summary.mean, mean) < 1e-13 && deviation(summary.std, std) < 1e-12)
    #expect(summary.noiseOnly == norms.count { $0 <= 0 })
  }

  @Test("A class of one sample takes the spread of all classes of the state, selected or not")
  func selected() throws {
    let filter = ClassFilter(tokens: [0, 1, 2])
    let geometry = try ClassGeometry(ClassSelection(table, filter), options: GeometryOptions())
    let (spreads, errors) = noise()
    let found = try geometry.noise.get()
    for (c, spread) in found.spreads.enumerated() { #expect(deviation(spread, spreads[c]) < 1e-14) }
    #expect(deviation(found.betweenNoise, (1 - 1 / 3) * errors[..<3].reduce(0, +) / 3) < 1e-13)
  }

  @Test("Without any spread there is no noise, and no error")
  func collapsed() throws {
    let still = MomentsTable(
      means: table.means.vectors, m2: table.m2.map { _ in 0 }, counts: table.counts,
      withinScatter: unitVectors(5).map { $0.map { _ in 0 } })
    let measures = try still.measure()
    #expect(try measures.scalar("noise_share") == 0)
    #expect(try measures.scalar("between_trace_corrected") == measures.scalar("between_trace"))
    #expect(try measures.scalar("nc1_quotient_corrected") == 0)
    for measurement in measures.measurements { #expect(measurement.errors.values.allSatisfy { $0 == 0 }) }
  }

  @Test("Without a correction, the values are null and the reason is said")
  func absent() throws {
    let corrected = [
      "noise_share", "within_trace_corrected", "between_trace_corrected", "nc1_quotient_corrected",
      "nc1_cdnv_ratio_corrected", "nc2_norm_squared_corrected",
    ]
    let weighted = try table.measure(options: GeometryOptions(globalMean: .weighted))
    #expect(weighted.remarks.contains { "\($0)".contains("unweighted global mean") })
    #expect(corrected.allSatisfy { weighted[$0]?.isUndefined == true })
    #expect(weighted.measurements.allSatisfy { $0.errors.isEmpty })

    let one = try table.measure(ClassFilter(tokens: [5]))
    #expect(corrected.allSatisfy { one[$0]?.isUndefined == true })
    #expect(one.remarks.contains { "\($0)".contains("there is only one") })

    // Two classes of two samples, with means closer than their noise.
    let noisy = try MomentsTable(means: [[0.1, 0], [0, 0]], m2: [1, 1]).measure()
    #expect(try noisy.scalar("between_trace_corrected").map { $0 < 0 } == true)
    #expect(try noisy.scalar("nc1_quotient_corrected") == nil)
    #expect(try noisy.classes("nc2_norm_squared_corrected").noiseOnly == 2)
    #expect(noisy.remarks.contains { "\($0)".contains("noise alone explains") })
  }
}
