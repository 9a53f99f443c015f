import Testing

@testable import Moments
@testable import Samples

@Suite("Spectral variability")
struct SpectralVariabilityTests {
  @Test("Separate axes: the within variance of each in units of its between variance")
  func diagonal() throws {
    // Σ_B = diag(2, 8)/4, Σ_W = diag(1, 2)/8.
    let table = MomentsTable(means: [[1, 0], [-1, 0], [0, 2], [0, -2]], withinScatter: [[1, 0], [0, 2]])
    let expected = (0.125 / 0.5 + 0.25 / 2) / 4
    #expect(deviation(try table.measure().scalar("nc1_pinv"), expected) < 1e-14)
    #expect(deviation(try table.measure().scalar("nc1_svd"), expected) < 1e-14)
  }

  @Test("Directions in which means do not vary do not count, however much the classes vary there")
  func fewClasses() throws {
    let table = MomentsTable(
      means: [[1, 0, 0], [-1, 0, 0]], withinScatter: [[3, 1, 0], [1, 1e9, 0], [0, 0, 7]])
    // Σ_B⁺ = diag(1, 0, 0), Σ_W = scatter/4.
    #expect(deviation(try table.measure().scalar("nc1_pinv"), 3.0 / 4 / 2) < 1e-14)
  }

  @Test("For any rotation, and however flat the means, digits are kept", arguments: [1.0, 1e-3, 1e-5, 1e-6])
  func conditioned(flatness: Double) throws {
    // Means and scatter in axes that a Householder reflection then mixes; the value does not change.
    var widths = [Double](repeating: 1, count: 6)
    widths[0] = flatness
    let axes = Matrix.random(50, 6, seed: 6).vectors.map { row in zip(row, widths).map { $0 * $1 } }
    let diagonal = widths.indices.map { Double($0 + 1) * widths[$0] * widths[$0] }
    let scatter = zip(unitVectors(6), diagonal).map { row, value in row.map { $0 * value } }
    let mirror = unit([1, 2, 3, 4, 5, 6])
    func reflect(_ vector: [Double]) -> [Double] {
      let along = 2 * inner(vector, mirror)
      return minus(vector, mirror.map { along * $0 })
    }
    let half = Matrix(scatter.map(reflect))
    let rows = (0..<6).map { j in reflect((0..<6).map { half[$0, j] }) }
    let plain = try MomentsTable(means: axes, withinScatter: scatter).measure().scalar("nc1_pinv")
    let mixed = try MomentsTable(means: axes.map(reflect), withinScatter: rows).measure().scalar("nc1_pinv")
    // The scatter is rounded to ε of its largest entry, which is 1/flatness² times its smallest.
    let bound = max(1e-12, 1e-15 / (flatness * flatness))
    #expect(deviation(mixed, try #require(plain)) < bound)
  }

  @Test("It does not depend on units", arguments: [1e-9, 1e9])
  func scale(factor: Double) throws {
    let table = MomentsTable.random(30, 5)
    let scaled = MomentsTable(
      tokens: table.tokens, counts: table.counts,
      means: Matrix(rows: 30, columns: 5, elements: table.means.elements.map { $0 * factor }), m2: table.m2,
      withinScatter: table.withinScatter.map {
        Matrix(rows: 5, columns: 5, elements: $0.elements.map { $0 * factor * factor })
      })
    let plain = try #require(try table.measure().scalar("nc1_pinv"))
    #expect(deviation(try scaled.measure().scalar("nc1_pinv"), plain) < 1e-12)
  }

  @Test("Without the within-class scatter it is absent, and with one class undefined")
  func absent() throws {
    #expect(try MomentsTable(means: [[1, 0], [0, 1]]).measure()["nc1_pinv"] == nil)
    let single = try MomentsTable(means: [[1, 2]], withinScatter: [[1, 0], [0, 1]]).measure()
    #expect(single["nc1_pinv"]?.json == .null)
    #expect(single["nc1_svd"]?.json == .null)
  }
}
