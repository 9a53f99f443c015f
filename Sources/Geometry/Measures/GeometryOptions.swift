/// How to measure, and with how many threads.
package struct GeometryOptions: Sendable, Equatable {
  /// The mean that is subtracted from every class mean.
  package var globalMean: GlobalMean
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
