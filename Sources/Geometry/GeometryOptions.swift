/// What to measure on, and with how much of the machine.
public struct GeometryOptions: Sendable, Equatable {
  /// Samples that a class must have for its mean to be measured.
  public var minCount: Int
  /// The mean that class means are centred by.
  public var globalMean: GlobalMean
  /// Threads for sweeps over pairs. Results have the same bits for any number.
  public var threads: Int

  public init(minCount: Int = 1, globalMean: GlobalMean = .unweighted, threads: Int = 1) {
    self.minCount = minCount
    self.globalMean = globalMean
    self.threads = threads
  }
}
