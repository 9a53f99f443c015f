import Samples

/// Within-class variability in units of between-class variability (NC1).
///
/// tr(Σ_B⁺ Σ_W)/K ≥ 0. Under collapse it tends to 0. The truncated variant takes only the top min(K−1, d) eigenpairs of
/// Σ_B. Centred means span at most K − 1 dimensions, so those are all that are not zero, and the two variants agree.
/// Results have both names. Beside them stands the condition number of Σ_B, λ_1/λ_r for rank r: the smaller λ_r, the more
/// both depend on directions in which the means hardly differ. It is large if K is near d.
///
/// - Eigenvalues of Σ_B ≤ d·ε·λ_max are rounding and count as zero, as do those beyond the top K − 1.
/// - Undefined if class means do not differ, or no class of the state has two samples. Without the pooled within-class scatter there is nothing to report.
/// - The inverse comes from whitened means (see ``Whitening``). Their rounding is ε√κ for a condition number κ of Σ_B,
///   not the εκ of Σ_B itself. Features behind a layer norm lie close to a hyperplane, so κ is 10⁹ and more.
/// - The rounding of Σ_W itself stays: in a direction with little variation, ⟨v_i, Σ_W v_i⟩ is known only to about ε·tr
///   Σ_W.
/// - Complexity: O(K·d² + d³).
/// - Source: Papyan, Han & Donoho 2020; truncated: Han, Papyan & Donoho 2022.
struct SpectralVariability: Statistic {
  static let whole = StatisticEntry(
    id: "nc1_pinv", title: "tr(Σ_B⁺ Σ_W) / K", family: .nc1, shape: .scalar, formula: "tr(Σ_B⁺ Σ_W) / K",
    underCollapse: "→ 0", needs: .withinScatter, source: "Papyan, Han & Donoho 2020", usesAllSamples: true,
    timeline: .drawn(.value))
  static let truncated = StatisticEntry(
    id: "nc1_svd", title: "The same, Σ_B truncated", family: .nc1, shape: .scalar,
    formula: "tr(Σ_B⁺ Σ_W) / K with Σ_B truncated to its top min(K−1, d) eigenpairs", underCollapse: "→ 0",
    needs: .withinScatter, source: "Han, Papyan & Donoho 2022", usesAllSamples: true)
  static let condition = StatisticEntry(
    id: "between_condition", title: "Condition number of Σ_B", family: .sizes, shape: .scalar,
    formula: "λ_1/λ_r of Σ_B of rank r", needs: .withinScatter)
  static let entries = [whole, truncated, condition]

  func measure(_ geometry: ClassGeometry) throws -> [Measurement] {
    guard let scatter = geometry.withinScatter else { return [] }
    let found = geometry.means.differ ? try value(geometry, scatter) : nil
    let absence = geometry.withinAbsence
    let (value, reason) = (absence == nil ? found?.value : nil, found == nil ? nil : absence?.rawValue)
    return [
      .scalar(Self.whole, value, reason: reason), .scalar(Self.truncated, value, reason: reason),
      .scalar(Self.condition, found?.condition),
    ]
  }

  /// tr(Σ_B⁺ Σ_W)/K = tr((K·Σ_B)⁺ (N·Σ_W))/N = tr((A K·Σ_B Aᵀ)⁻¹ (A N·Σ_W Aᵀ))/N for any A that spans the means.
  private func value(_ geometry: ClassGeometry, _ scatter: Matrix) throws -> (value: Double, condition: Double?) {
    let threads = geometry.threads
    let whitening = try Whitening(geometry.means.centred, gram: geometry.betweenScatter, threads: threads).matrix
    let whitened = try MatrixProducts.product(geometry.means.centred, transposed: whitening, threads: threads)
    let gram = try MatrixProducts.gram(whitened, threads: threads)
    let between = try SymmetricEigen(gram)
    let half = try MatrixProducts.product(whitening, transposed: scatter, threads: threads)
    let within = try MatrixProducts.product(half, transposed: whitening, threads: threads)
    let images = try MatrixProducts.product(between.vectors, transposed: within, threads: threads)
    let trace = between.values.indices.reduce(0.0) { sum, i in
      sum + zip(images[row: i], between.vectors[row: i]).reduce(0) { $0 + $1.0 * $1.1 } / between.values[i]
    }
    return (trace / Double(geometry.samples), Self.condition(whitening, gram))
  }

  /// λ_1/λ_r. The eigenvalues are Rayleigh quotients ‖M·v_i‖²/‖v_i‖² of the centred means, which keep digits that an
  /// eigenvalue of Σ_B itself loses.
  ///
  /// - Parameters:
  ///   - whitening: a row along each v_i, [r × d].
  ///   - gram: of the whitened means, [r × r].
  private static func condition(_ whitening: Matrix, _ gram: Matrix) -> Double? {
    let values = zip(0..<gram.rows, whitening.rowNorms).map { gram[$0, $0] / ($1 * $1) }
    guard let least = values.min(), let largest = values.max(), least > 0 else { return nil }
    return largest / least
  }
}
