import Testing

@testable import Geometry
@testable import Moments

/// What is measured of many small corpora, compared with the means and spreads that they were drawn from.
@Suite("Noise of simulated corpora")
struct NoiseOfCorporaTests {
  /// The noise and errors of one corpus.
  private func geometry(_ table: MomentsTable) throws -> ClassGeometry {
    try ClassGeometry(ClassSelection(table), options: GeometryOptions())
  }

  @Test("Corrected traces and squared norms are those of the truth, on average; the raw ones are far off")
  func unbiased() throws {
    var (between, within, norms): ([Double], [Double], [Double]) = ([], [], [])
    var (rawBetween, rawWithin): ([Double], [Double]) = ([], [])
    for seed in 0..<200 {
      let corpora = Corpora(classes: 30, dimension: 6, samples: 120, seed: 7 * seed)
      let table = corpora.draw(seed: 7 * seed + 1)
      let geometry = try geometry(table)
      let noise = try geometry.noise.get()
      between.append(noise.between - corpora.betweenTrace)
      within.append(noise.within - corpora.withinTrace)
      let found = CorrectedNorms().measure(geometry)[0].number(.mean)
      norms.append(try #require(found) - corpora.betweenTrace)
      rawBetween.append(noise.measuredBetween - corpora.betweenTrace)
      rawWithin.append(table.withinTrace - corpora.withinTrace)
    }
    /// The mean in its own standard errors.
    func bias(_ values: [Double]) throws -> Double {
      let spread = RunningVariance(values)
      return spread.mean / (try #require(spread.sampleDeviation) / Double(values.count).squareRoot())
    }
    for values in [between, within, norms] { #expect(try bias(values).magnitude < 3) }
    #expect(try bias(rawBetween) > 20 && bias(rawWithin) < -20)
  }

  /// The shares of the axes, each `ratio` of the one before.
  private func shape(_ ratio: Double) -> [Double] {
    let powers = (0..<12).reduce(into: [1.0]) { powers, _ in powers.append(powers[powers.count - 1] * ratio) }
      .dropLast()
    return powers.map { $0 / powers.reduce(0, +) }
  }

  @Test(
    "Analytic errors are the scatter over corpora with the same labels: to 10 % for t₂ ≤ 0.1, to 25 % beyond",
    arguments: [(ratio: 1, tolerance: 0.1), (0.45, 0.25)])
  func errors(ratio: Double, tolerance: Double) throws {
    let shape = shape(ratio)
    let squaredTrace = shape.reduce(0) { $0 + $1 * $1 }
    #expect(squaredTrace <= 0.1 ? tolerance == 0.1 : squaredTrace > 0.35)
    let corpora = Corpora(classes: 40, dimension: 12, samples: 160, shape: shape, seed: 5)
    var (values, errors): ([[Double]], [[Double]]) = ([], [])
    for seed in 0..<300 {
      let geometry = try geometry(corpora.draw(seed: 1000 + seed))
      let found =
        Traces().measure(geometry) + CorrectedTraces().measure(geometry) + VarianceDistanceRatio().measure(geometry)
      values.append(try found.map { try #require($0.number(.value)) })
      // Where the formula comes out negative, results have no error; here it counts as 0.
      errors.append(found.map { $0.errors[.value] ?? 0 })
    }
    for column in values[0].indices {
      let scatter = try #require(RunningVariance(values.map { $0[column] }).sampleDeviation)
      let typical = RunningVariance(errors.map { $0[column] * $0[column] }).mean.squareRoot()
      #expect((typical / scatter - 1).magnitude < tolerance, "\(column): \(typical) for \(scatter)")
    }
  }
}
