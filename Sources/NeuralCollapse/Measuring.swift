import Artefacts
import Geometry
import Support

/// Which global mean μ_G the class means are centred by.
public enum GlobalMean: String, Sendable, CaseIterable {
  /// μ_G = (1/K) Σ_c μ_c, each class once.
  case unweighted
  /// μ_G = Σ_c n_c μ_c / Σ_c n_c, each sample once.
  case weighted
}

/// A sample of the K(K−1)/2 pairs of classes, for more classes than a look at all pairs has time for.
public struct PairSampling: Sendable, Equatable {
  /// Pairs to draw.
  public var pairs: Int
  /// The same seed draws the same pairs.
  public var seed: Int

  public init(pairs: Int, seed: Int = 0) { (self.pairs, self.seed) = (pairs, seed) }
}

extension CollapseState {
  /// Every statistic of neural collapse that the moments, and what else is given, allow.
  ///
  /// Runs on threads of its own; the task that waits for it can be cancelled.
  ///
  /// - Parameters:
  ///   - classifier: the output head; for NC3 (`nc3_…`).
  ///   - decisions: made with this state; for NC4 (`nc4`).
  ///   - outOfDistribution: the state of foreign text under the same model; for NC5.
  ///   - minimumCount: samples that a class must have to be measured. Classes are selected; N and Σ_W stay those of all
  ///     samples.
  ///   - maximumCount: samples that a class may have.
  ///   - globalMean: what class means are centred by.
  ///   - sampling: the pairs to look at; by default all of them.
  ///   - threads: by default as many as the process was given. The result has the same bits for any number.
  /// - Throws: ``CollapseError`` of kind `unmeasurable` (no class is left, or none has two samples), `dimension`, `size`,
  ///   `mismatch` (decisions of another state), `outOfRange`, `nonfinite` or `badFile`; `CancellationError`.
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
          found: "\(sampling.pairs) pairs, seed \(sampling.seed)", advice: "draw some pairs, or leave it out")
      }
      if let decisions, decisions.stateChecksum != checksum {
        throw CollapseError(
          .mismatch, "decisions", expected: "decisions made with the state \(checksum)",
          found: "some made with \(decisions.stateChecksum)", advice: "decide again with this state")
      }
      return try await DedicatedExecutor.run("measure") {
        let selection = try ClassSelection(held.table, filter)
        var provenance = MeasuresProvenance(of: (held.provenance, held.checksum), filter, options)
        provenance.classifier = try classifier?.rows(of: selection)
        provenance.decisionsChecksum = decisions?.checksum
        provenance.outOfDistribution = outOfDistribution.map { ($0.held.provenance, $0.checksum) }
        let mean = try outOfDistribution.map { try $0.mean(for: selection) }
        let measures = try Measures(
          of: selection, classifier: provenance.classifier, decisions: decisions?.inner, outOfDistribution: mean,
          options: options, checkCancellation: { try Task.checkCancellation() })
        return Measurements(measures, provenance.json)
      }
    } catch {
      throw CollapseError.translated(error)
    }
  }

  /// μ_OOD, of the features of this state.
  private func mean(for selection: ClassSelection) throws -> OutOfDistributionMean {
    var mean = OutOfDistributionMean(dimension: dimension)
    mean.add(held.table)
    try ErrorInFile.naming("outOfDistribution") { try selection.check(mean) }
    return mean
  }
}
