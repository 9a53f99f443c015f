import Engine
import Foundation
import Logging
import Moments
import Support

/// Measures the sweep over pairs of classes and the deciding of samples, and beside each in the same run the matrix products
/// it cannot do without.
///
/// All are measured once a round, so that whatever else the machine does meets all alike; of the rounds, the median counts.
/// Answers cancellation between rounds and waves of tiles.
public actor GeometryBench {
  private let options: GeometryBenchOptions
  private let log: Logger
  private let memory: Int
  private let executor = DedicatedExecutor("bench.geometry")

  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  public init(_ options: GeometryBenchOptions, log: Logger) {
    self.init(options, log: log, memory: Allowance.memory)
  }

  /// - Parameter memory: bytes there are.
  init(_ options: GeometryBenchOptions, log: Logger, memory: Int) {
    (self.options, self.log, self.memory) = (options, log, memory)
  }

  /// Measures everything. Throws `MomentsError` where memory is not enough, and `CancellationError`.
  public func run() throws -> GeometryBenchReport {
    try checkMemory()
    log.info("\(options.classes) class means of \(options.dimension) features")
    let benchmark = try SweepBenchmark(
      classes: options.classes, dimension: options.dimension, threads: options.threads)
    let deciding = try DecideBenchmark(
      rows: options.rows, vocabulary: options.vocabulary, classes: options.classes, dimension: options.dimension,
      threads: options.threads)
    var (products, sweeps, singles, decides): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    for round in 1...options.repeats {
      log.info("round \(round) of \(options.repeats): dgemm, sweep over pairs, sgemm, decide")
      var flops = 0.0
      let product = try time { flops = try benchmark.product { try Task.checkCancellation() } }
      // The blocks on the diagonal are whole.
      products.append(product * benchmark.flops / flops)
      sweeps.append(try time { try benchmark.sweep { try Task.checkCancellation() } })
      singles.append(try time { deciding.multiply() })
      decides.append(try time { try deciding.decide() })
    }
    return GeometryBenchReport(
      processor: Processor.name, options: options, rows: deciding.rows, flops: benchmark.flops,
      singleFlops: deciding.flops, product: products.median, sweep: sweeps.median, singleProducts: singles.median,
      decide: decides.median)
  }

  /// The means, centred means and panels, and their making; the classifier, in both precisions, and what it is made of.
  private func checkMemory() throws {
    let numbers = (8 * options.classes + 4 * options.vocabulary) * options.dimension
    let needed = numbers * MemoryLayout<Double>.size + 512 << 20
    guard needed <= memory else {
      throw MomentsError(
        .outOfMemory, expected: "\(ByteCount.describe(needed)) of memory for \(options.classes) class means",
        found: ByteCount.describe(memory), advice: "give fewer --classes, or a smaller --dimension")
    }
  }

  private func time(_ body: () throws -> Void) throws -> Double {
    try Task.checkCancellation()
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
