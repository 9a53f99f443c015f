import Moments

/// The sampling noise of class means, and the traces without it.
///
/// With s²_c = M2_c/(n_c − 1), the mean of class c is off by e_c = s²_c/n_c in expected square. A class of one sample has
/// no spread of its own: it takes s̄², the mean of s²_c over all classes of the state with two samples and more, each
/// class counted once.
///
/// - Samples count as independent. Where the same context repeats, the true noise is larger, so these are lower bounds.
/// - The corrections hold for the unweighted global mean.
/// - Source: the expectations E‖μ̂_a − μ̂_b‖² = ‖μ_a − μ_b‖² + e_a + e_b and E tr Σ̂_B = tr Σ_B + (1 − 1/K)(1/K)Σ e_c.
struct SamplingNoise: Sendable {
  /// s²_c of each measured class; s̄² for a class of one sample.
  let spreads: [Double]
  /// s̄².
  let typicalSpread: Double
  /// e_c of each measured class.
  let meanErrors: [Double]
  /// tr Σ̂_B, as measured.
  let measuredBetween: Double
  /// (1 − 1/K)(1/K) Σ e_c, the part of tr Σ̂_B that is noise.
  let betweenNoise: Double
  /// W = ΣM2/(N − K), over all classes of the state.
  let within: Double
  /// The same over the measured classes; nil if none of them has two samples.
  let selectedWithin: Double?

  /// B = tr Σ̂_B less its noise; it may be negative.
  var between: Double { measuredBetween - betweenNoise }

  /// B, if it is positive, so that it can be divided by. Throws ``Absence`` otherwise.
  var positiveBetween: Double {
    get throws(Absence) {
      guard between > 0 else { throw .nothingBetween }
      return between
    }
  }

  /// The selected W, if it is known. Throws ``Absence`` otherwise.
  var knownSelectedWithin: Double {
    get throws(Absence) {
      guard let selectedWithin else { throw .noMeasuredRepeat }
      return selectedWithin
    }
  }

  /// - Throws: ``Absence`` if no correction is possible.
  init(_ means: CentredMeans, of table: MomentsTable, globalMean: GlobalMean) throws(Absence) {
    guard globalMean == .unweighted else { throw .weighted }
    guard means.classes > 1 else { throw .oneClass }
    guard let typical = Self.typicalSpread(table.counts, m2: table.m2) else { throw .noRepeatedClass }
    typicalSpread = typical
    spreads = Self.spreads(of: means, typical: typical)
    meanErrors = zip(spreads, means.counts).map { $0 / Double($1) }
    measuredBetween = means.betweenTrace
    betweenNoise = Self.betweenNoise(meanErrors)
    within = table.withinTrace * (Double(table.samples) / Double(table.samples - table.classes))
    selectedWithin =
      means.samples > means.classes
      ? means.withinTrace * (Double(means.samples) / Double(means.samples - means.classes)) : nil
  }

  /// s̄², from n_c and M2_c of all classes of a state; nil if no class has two samples.
  static func typicalSpread(_ counts: [Int], m2: [Double]) -> Double? {
    let repeated = counts.indices.filter { counts[$0] > 1 }
    guard !repeated.isEmpty else { return nil }
    return RunningVariance(repeated.map { m2[$0] / Double(counts[$0] - 1) }).mean
  }

  /// s²_c of some classes, with `typical` for those of one sample.
  static func spreads(of means: CentredMeans, typical: Double) -> [Double] {
    zip(means.counts, means.variances).map { count, variance in
      count > 1 ? variance * (Double(count) / Double(count - 1)) : typical
    }
  }

  /// (1 − 1/K)(1/K) Σ e_c.
  static func betweenNoise(_ meanErrors: [Double]) -> Double {
    (1 - 1 / Double(meanErrors.count)) * RunningVariance(meanErrors).mean
  }

  /// Why there is no correction, or nothing to correct.
  enum Absence: String, Error {
    case weighted = "the corrections for noise hold for the unweighted global mean only"
    case oneClass = "they compare classes, and there is only one"
    case nothingBetween = "noise alone explains how far the class means lie apart"
    case noRepeatedClass = "no class has two samples, so nothing is known about variation within classes"
    case noMeasuredRepeat = "no measured class has two samples, so nothing is known about variation within them"
  }
}

extension ClassGeometry {
  /// The mean over pairs of classes of ‖μ_a − μ_b‖², given tr Σ_B: 2K/(K − 1)·tr Σ_B.
  func meanSquaredDistance(between trace: Double) -> Double {
    let k = Double(means.classes)
    return 2 * k / (k - 1) * trace
  }
}
