/// How to measure, and with how much of the machine.
public struct GeometryOptions: Sendable, Equatable {
  /// The mean that class means are centred by.
  public var globalMean: GlobalMean
  /// The pairs to measure where not all of them are.
  public var sampling: PairSampling?
  /// Threads for sweeps over pairs. Results have the same bits for any number.
  public var threads: Int

  public init(
    globalMean: GlobalMean = .unweighted, sampling: PairSampling? = nil, threads: Int = 1
  ) {
    (self.globalMean, self.sampling, self.threads) = (globalMean, sampling, threads)
  }
}
