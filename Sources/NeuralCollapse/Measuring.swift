import Artefacts
import Geometry
import Support

/// The global mean μ_G that is subtracted from the class means.
public enum GlobalMean: String, Sendable, CaseIterable {
  /// μ_G = (1/K) Σ_c μ_c: every class counts once.
  case unweighted
  /// μ_G = Σ_c n_c μ_c / Σ_c n_c: every sample counts once.
  case weighted
}

/// A random sample of the K(K−1)/2 pairs of classes, for states with too many classes to visit all pairs.
public struct PairSampling: Sendable, Equatable {
  /// Number of pairs to draw, at least 1.
  public var pairs: Int
  /// At least 0. The same seed draws the same pairs.
  public var seed: Int

  public init(pairs: Int, seed: Int = 0) { (self.pairs, self.seed) = (pairs, seed) }
}

extension CollapseState {
  /// Computes every statistic of neural collapse for which the inputs suffice.
  ///
  /// Runs on separate threads, so that it does not block the caller's. Cancel its task to stop it.
  ///
  /// - Parameters:
  ///   - classifier: the output head, for NC3 (`nc3_…`).
  ///   - decisions: decisions made with this state, for NC4 (`nc4`).
  ///   - outOfDistribution: a state of the same model's features on other text, for NC5 (`nc5_…`).
  ///   - minimumCount: only classes with at least this many samples are measured. N and Σ_W still cover all samples.
  ///   - maximumCount: only classes with at most this many samples are measured.
  ///   - globalMean: the mean that is subtracted from the class means.
  ///   - sampling: a random sample of the pairs of classes; by default all pairs.
  ///   - threads: number of threads; by default the CPUs available to the process. It does not change the result.
  /// - Throws: ``CollapseError`` of kind `unmeasurable` (no class is left), `dimension`,
  ///   `size`, `mismatch` (decisions made with another state or classifier), `parameter`, `outOfRange`, `nonfinite` or `badFile`;
  ///   `CancellationError`.
  /// - Complexity: O(K²·d) time, O(K·d + d²) memory.
  public func measure(
    classifier: Classifier? = nil, decisions: Decisions? = nil, outOfDistribution: CollapseState? = nil,
    minimumCount: Int = 1, maximumCount: Int? = nil, globalMean: GlobalMean = .unweighted,
    sampling: PairSampling? = nil, threads: Int? = nil
  ) async throws -> Measurements {
    let held = held
    let filter = ClassFilter(minCount: minimumCount, maxCount: maximumCount)
    let options = GeometryOptions(
      globalMean: globalMean == .weighted ? .weighted : .unweighted,
      sampling: sampling.map { Geometry.PairSampling(pairs: $0.pairs, seed: $0.seed) },
      threads: threads ?? ResourceLimits.threads)
    do {
      if let sampling, sampling.pairs < 1 || sampling.seed < 0 {
        throw CollapseError(
          .parameter, "sampling", expected: "at least one pair and a seed of at least 0",
          found: "\(sampling.pairs) pairs, seed \(sampling.seed)", advice: "draw at least one pair, or omit it")
      }
      if let decisions, decisions.stateChecksum != checksum {
        throw CollapseError(
          .mismatch, "decisions", expected: "decisions made with the state \(checksum)",
          found: "decisions made with \(decisions.stateChecksum)", advice: "decide again with this state")
      }
      return try await DedicatedExecutor.run("measure") {
        let selection = try ClassSelection(held.table, filter)
        var provenance = MeasuresProvenance(of: (held.provenance, held.checksum), filter, options)
        let head = try classifier?.rows(of: selection)
        if let decisions, let head { try decisions.check(head.digest) }
        provenance.head = head?.digest
        provenance.decisions = decisions.map { ($0.provenance, $0.checksum) }
        provenance.outOfDistribution = outOfDistribution.map { ($0.held.provenance, $0.checksum) }
        let mean = try outOfDistribution.map { try $0.mean(for: selection) }
        let measures = try Measures(
          of: selection, classifier: head?.rows, decisions: decisions?.inner, outOfDistribution: mean,
          minCounts: MinCountMeasures.standard, spreads: held.spreads, options: options,
          checkCancellation: { try Task.checkCancellation() })
        return Measurements(measures, provenance.json(of: measures))
      }
    } catch {
      throw CollapseError.translated(error)
    }
  }

  /// μ_OOD, the mean of this state's features.
  private func mean(for selection: ClassSelection) throws -> OutOfDistributionMean {
    var mean = OutOfDistributionMean(dimension: dimension)
    mean.add(held.table)
    try ErrorInFile.naming("outOfDistribution") { try selection.check(mean) }
    return mean
  }
}
