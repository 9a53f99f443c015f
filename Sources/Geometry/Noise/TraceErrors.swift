import Moments
import Samples

/// Standard errors of the traces, their quotients and the CDNV ratios, given how many samples each class has.
///
/// They are the scatter over corpora of other features with the same labels. Σ̃ = Σ_W/tr Σ_W stands for the shape of every class
/// (Σ_c ≈ s²_c Σ̃), and t₂ = tr Σ̃². The variances are those of quadratic forms in normal vectors: s²_c has the variance
/// 2σ⁴_c t₂/(n_c − 1). The square of s²_c is too large for σ⁴_c by 1 + 2t₂/(n_c − 1) on average, so that
/// v_c = 2s⁴_c t₂/(n_c − 1 + 2t₂); e²_c t₂ is corrected alike, by (n_c − 1)/(n_c − 1 + 2t₂). Without this, errors of
/// classes with two samples come out up to 1.3 times too large where t₂ is 0.25. With it, they are 0.92 to 1.10 of the
/// scatter in simulations with t₂ from 0.03 to 0.4; `collapse bench noise` repeats them. Quotients follow by the delta method.
///
/// - Needs Σ_W. Where ΣM2 = 0, every error is 0.
/// - Samples count as independent, so the errors are lower bounds.
/// - Complexity: O(K·d²) time, O(d²) memory.
struct TraceErrors: Sendable {
  /// Of tr Σ_W as measured, and of W.
  let (measuredWithin, within): (Double, Double)
  /// Of tr Σ̂_B as measured, and of B.
  let (measuredBetween, between): (Double, Double)
  /// Of tr Σ_W/tr Σ_B as measured, and of W/B.
  let (measuredQuotient, quotient): (Double, Double)
  /// Of tr Σ_W over the measured classes alone, and of its quotient with the between-class trace.
  let selectedWithin, selectedQuotient: (measured: Double, corrected: Double)
  /// Of the CDNV ratio as measured, and corrected.
  let (measuredRatio, ratio): (Double, Double)

  init(_ geometry: ClassGeometry, _ noise: SamplingNoise, scatter: Matrix, of table: MomentsTable) throws {
    let means = geometry.means
    let shape = ScatterShape(scatter)
    let spread = SpreadVariances(means, noise, of: table, squaredTrace: shape.squaredTrace)
    let k = Double(means.classes)
    let (n, classes) = (Double(table.samples), Double(table.classes))

    // Var tr Σ̂_B, of the noise of the means alone.
    let along = try shape.inner(with: means.centred, weights: noise.meanErrors, threads: geometry.threads)
    let t2 = shape.squaredTrace
    let squares = zip(noise.meanErrors, means.counts).reduce(0.0) { sum, entry in
      let (error, rest) = (entry.0, Double(entry.1 - 1))
      return sum + error * error * (rest > 0 ? rest / (rest + 2 * t2) : 1)
    }
    let ofMeans = 4 * along - 2 * squares * t2
    // Where noise dominates, the formula can come out negative: then the error is unknown, and not 0.
    func known(_ variance: Double) -> Double { variance > 0 || squares == 0 ? max(variance, 0) : .nan }
    let measuredBetween = known(ofMeans) / (k * k)
    // B also has the noise of Σ e_c.
    let between =
      known(ofMeans + spread.overCountsSquared) / (k * k) + spread.single * spread.single * spread.ofTypical
      + 2 * spread.single * spread.typicalWithErrors
    let within = spread.pooled / ((n - classes) * (n - classes))
    let crossed =
      -spread.pooledWithErrors / (k * (n - classes)) - spread.single * spread.pooledWithTypical / (n - classes)

    let kept = (n - classes) / n
    self.measuredBetween = measuredBetween.squareRoot()
    self.between = between.squareRoot()
    self.within = within.squareRoot()
    measuredWithin = kept * self.within
    measuredQuotient = Self.quotient(
      table.withinTrace, noise.measuredBetween, kept * kept * within, measuredBetween, covariance: 0)
    quotient = Self.quotient(noise.within, noise.between, within, between, covariance: crossed)
    let (selected, rest) = (Double(means.samples), Double(means.samples - means.classes))
    let selectedVariance = spread.selected / (rest * rest)
    let selectedCrossed = -(spread.pooledWithErrors / k + spread.single * spread.selectedWithTypical) / rest
    let share = rest / selected
    selectedWithin = (share * selectedVariance.squareRoot(), selectedVariance.squareRoot())
    selectedQuotient = (
      Self.quotient(
        means.withinTrace, noise.measuredBetween, share * share * selectedVariance, measuredBetween, covariance: 0),
      Self.quotient(noise.selectedWithin ?? .nan, noise.between, selectedVariance, between, covariance: selectedCrossed)
    )
    let scale = geometry.meanSquaredDistance(between: 1)
    measuredRatio =
      Self.quotient(
        RunningVariance(means.variances).mean, noise.measuredBetween, spread.ofMeasured, measuredBetween, covariance: 0)
      / scale
    ratio =
      Self.quotient(
        RunningVariance(noise.spreads).mean, noise.between, spread.ofMean, between, covariance: spread.meanWithBetween)
      / scale
  }

  /// The standard error of a/b by the delta method.
  private static func quotient(
    _ a: Double, _ b: Double, _ varianceA: Double, _ varianceB: Double, covariance: Double
  ) -> Double {
    let ratio = a / b
    return max(varianceA + ratio * ratio * varianceB - 2 * ratio * covariance, 0).squareRoot() / b.magnitude
  }
}

/// The pooled within-class covariance as a shape: Σ̃ = Σ_W/tr Σ_W.
private struct ScatterShape {
  let scatter: Matrix
  let trace: Double
  /// t₂ = tr Σ̃²; 0 without any spread.
  let squaredTrace: Double

  init(_ scatter: Matrix) {
    self.scatter = scatter
    let trace = (0..<scatter.rows).reduce(0.0) { $0 + scatter[$1, $1] }
    self.trace = trace
    squaredTrace = trace > 0 ? scatter.elements.reduce(0) { $0 + ($1 / trace) * ($1 / trace) } : 0
  }

  /// Σ_c w_c x_cᵀ Σ̃ x_c over the rows of `rows`, for weights that are not negative.
  func inner(with rows: Matrix, weights: [Double], threads: Int) throws -> Double {
    guard trace > 0 else { return 0 }
    var sum = CompensatedSum()
    for range in ranges(of: rows.rows, size: InterferenceMoments.rowsAtOnce) {
      let scaled = try Matrix(rows: range.count, columns: rows.columns) { scaled in
        for (row, c) in range.enumerated() {
          let root = weights[c].squareRoot()
          for (column, element) in rows[row: c].enumerated() { scaled[row * rows.columns + column] = element * root }
        }
      }
      for (a, b) in zip(try MatrixProducts.gram(scaled, threads: threads).elements, scatter.elements) {
        sum.add(a * (b / trace))
      }
    }
    return sum.value
  }
}

/// Variances and covariances of the spreads s²_c, which are independent of each other and of the means.
private struct SpreadVariances {
  /// f, the share of the measured classes that have one sample and so take s̄².
  let single: Double
  /// V̄, the variance of s̄².
  let ofTypical: Double
  /// C, the covariance of (1/K)Σ e_c, of the measured classes with two samples and more, and s̄².
  let typicalWithErrors: Double
  /// Σ v_c/n_c² over the measured classes.
  let overCountsSquared: Double
  /// Σ (n_c − 1)² v_c over the state.
  let pooled: Double
  /// Σ (n_c − 1)² v_c, and Σ v_c(n_c − 1)/K₂, over the measured classes.
  let selected, selectedWithTypical: Double
  /// Σ v_c(n_c − 1)/n_c over the measured classes.
  let pooledWithErrors: Double
  /// Σ v_c(n_c − 1)/K₂ over the state.
  let pooledWithTypical: Double
  /// The variance of (1/K)Σσ²_c.
  let ofMeasured: Double
  /// The variance of (1/K)Σs²_c.
  let ofMean: Double
  /// The covariance of (1/K)Σs²_c and B.
  let meanWithBetween: Double

  init(_ means: CentredMeans, _ noise: SamplingNoise, of table: MomentsTable, squaredTrace: Double) {
    let k = Double(means.classes)
    func variance(_ spread: Double, _ count: Int) -> Double {
      2 * spread * spread * squaredTrace / (Double(count - 1) + 2 * squaredTrace)
    }

    var (repeated, all, pooled, pooledWithTypical) = (0.0, 0.0, 0.0, 0.0)
    for (m2, count) in zip(table.m2, table.counts) where count > 1 {
      let rest = Double(count - 1)
      let v = variance(m2 / rest, count)
      repeated += 1
      all += v
      pooled += rest * rest * v
      pooledWithTypical += rest * v
    }
    var (sum, overCounts, overCountsSquared, pooledWithErrors, measured) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var (singles, selected, selectedWithTypical) = (0.0, 0.0, 0.0)
    for (spread, count) in zip(noise.spreads, means.counts) {
      guard count > 1 else {
        singles += 1
        continue
      }
      let (n, v) = (Double(count), variance(spread, count))
      sum += v
      selected += (n - 1) * (n - 1) * v
      selectedWithTypical += (n - 1) * v
      overCounts += v / n
      overCountsSquared += v / (n * n)
      pooledWithErrors += v * (n - 1) / n
      measured += v * ((n - 1) / n) * ((n - 1) / n)
    }
    let single = singles / k
    self.single = single
    ofTypical = all / (repeated * repeated)
    typicalWithErrors = overCounts / (k * repeated)
    (self.overCountsSquared, self.pooled, self.pooledWithErrors) = (overCountsSquared, pooled, pooledWithErrors)
    (self.selected, self.selectedWithTypical) = (selected, selectedWithTypical / repeated)
    self.pooledWithTypical = pooledWithTypical / repeated
    ofMeasured = measured / (k * k)
    let sharedWithTypical = sum / (k * repeated)
    ofMean = sum / (k * k) + 2 * single * sharedWithTypical + single * single * ofTypical
    meanWithBetween =
      -(overCounts / (k * k) + single * typicalWithErrors + single * sharedWithTypical + single * single * ofTypical)
  }
}
