/// How to measure, and with how many threads.
package struct GeometryOptions: Sendable, Equatable {
  /// The mean that is subtracted from every class mean.
  package var globalMean: GlobalMean
  /// The means whose directions GNC2 compares.
  package var gnc2Means = UniformityMeans.centred
  /// Whether the mean of the head's K rows is subtracted before their NC2 is measured.
  package var isHeadCentred = false
  /// Whether the Riesz energy of order d − 2 is measured too.
  package var hasRieszEnergy = false
  /// Whether spectra are measured too.
  package var hasSpectra = false
  /// The sample of pairs to measure; nil measures all of them.
  package var sampling: PairSampling?
  /// Threads for sweeps over pairs. Any number of threads gives the same bits.
  package var threads: Int

  package init(
    globalMean: GlobalMean = .unweighted, sampling: PairSampling? = nil, threads: Int = 1
  ) {
    (self.globalMean, self.sampling, self.threads) = (globalMean, sampling, threads)
  }
}

/// The class means whose directions GNC2 compares.
package enum UniformityMeans: String, Sendable, CaseIterable {
  /// μ_c − μ_G, as for NC2.
  case centred
  /// μ_c itself.
  case uncentred
}
