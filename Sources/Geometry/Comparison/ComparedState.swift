import Moments
import Samples

/// One of two states that are compared: the classes that both have, centred on their own mean, and their noise.
package struct ComparedState: Sendable {
  /// N and K of the whole state.
  package let samples: Int
  package let classes: Int
  /// n_c, M2_c and μ_c of the common classes.
  let table: MomentsTable
  /// The same means, and m_c = μ_c − μ_G with μ_G over the common classes.
  let means: CentredMeans
  /// s̄² over all classes of the state; nil if none has two samples.
  private let typicalSpread: Double?
  /// e_c, how far the mean of a class is off in expected square; nil if no class of the state has two samples.
  let meanErrors: [Double]?

  /// - Parameters:
  ///   - table: the common classes, without a scatter.
  ///   - counts: n_c of all classes of the state.
  ///   - m2: M2_c of all classes of the state.
  /// - Throws: ``GeometryError`` if a mean is too long or too short to be squared twice, or Σ M2 is not finite, and
  ///   `OutOfMemory`.
  package init(_ table: MomentsTable, counts: [Int], m2: [Double]) throws {
    guard m2.reduce(0, +).isFinite else { throw GeometryError.badScatter }
    try self.init(
      table, samples: counts.reduce(0, +), classes: counts.count,
      typicalSpread: SamplingNoise.typicalSpread(counts, m2: m2))
  }

  private init(_ table: MomentsTable, samples: Int, classes: Int, typicalSpread: Double?) throws {
    guard table.dimension <= ClassSelection.widest else {
      throw GeometryError.tooWide(dimension: table.dimension, limit: ClassSelection.widest)
    }
    (self.table, self.samples, self.classes, self.typicalSpread) = (table, samples, classes, typicalSpread)
    let means = try CentredMeans(table, globalMean: .unweighted)
    self.means = means
    meanErrors = typicalSpread.map { typical in
      zip(SamplingNoise.spreads(of: means, typical: typical), means.counts).map { $0 / Double($1) }
    }
  }

  /// The same state with only some of the common classes, centred again.
  func narrowed(to rows: [Int]) throws -> ComparedState {
    try ComparedState(
      table.selecting(rows), samples: samples, classes: classes, typicalSpread: typicalSpread)
  }

  /// ‖M‖_F of the centred means.
  var frobeniusNorm: Double { means.norms.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

extension ComparedState {
  static let selectedSamples = StatisticEntry(
    id: SelectedTraces.samples.id, title: "Samples of the common classes", family: .comparison, shape: .count,
    formula: "Σ n_c")
  static let selectedWithin = StatisticEntry(
    id: SelectedTraces.within.id, title: "tr Σ_W of the common classes", family: .comparison, shape: .scalar,
    formula: "Σ M2_c / Σ n_c", scaling: .power(2))
  static let selectedQuotient = StatisticEntry(
    id: SelectedTraces.quotient.id, title: "tr Σ_W / tr Σ_B of the common classes", family: .comparison, shape: .scalar,
    formula: "(Σ M2_c / Σ n_c) / tr Σ_B")

  /// The sizes of the state, and the traces of its common classes with their noise.
  package var measurements: [Measurement] {
    let selected = table.samples
    let (between, differ) = (means.betweenTrace, means.differ)
    let within = selected > table.classes ? table.m2.reduce(0, +) / Double(selected) : nil
    let noise = means.classes > 1 ? meanErrors.map(SamplingNoise.betweenNoise) : nil
    let same = means.classes > 1 ? "all class means agree within rounding" : SamplingNoise.Absence.oneClass.rawValue
    let noNoise = noise == nil ? (means.classes > 1 ? SamplingNoise.Absence.noRepeatedClass.rawValue : same) : nil
    let noVariance = within == nil ? "no common class has two samples" : nil
    return [
      Measurement(Sizes.samples, .count(samples)), Measurement(Sizes.classes, .count(classes)),
      Measurement(Sizes.dimension, .count(means.dimension)),
      Measurement(Self.selectedSamples, .count(selected)),
      .scalar(Self.selectedWithin, within, reason: noVariance), .scalar(Traces.between, between),
      .scalar(CorrectedTraces.between, noise.map { between - $0 }, reason: noNoise),
      .scalar(SamplingNoiseShare.entry, differ ? noise.map { $0 / between } : nil, reason: noNoise ?? same),
      .scalar(Self.selectedQuotient, differ ? within.map { $0 / between } : nil, reason: differ ? noVariance : same),
    ]
  }

  /// The part of the between-class trace that is sampling noise; nil if unknown.
  var noiseShare: Double? { measurements.first { $0.entry == SamplingNoiseShare.entry }?.number(.value) }
}
