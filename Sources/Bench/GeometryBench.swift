import Engine
import Foundation
import Logging
import Moments
import Support

/// Measures the sweep over pairs of classes and the deciding of samples, each next to the matrix products that it
/// needs.
///
/// Everything is measured once per round, so that other load on the machine affects all of it alike. The median of the
/// rounds counts. Responds to cancellation between rounds and waves of tiles.
package actor GeometryBench {
  private let options: GeometryBenchOptions
  private let log: Logger
  private let memory: Int
  private let executor = DedicatedExecutor("bench.geometry")

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameter memory: the bytes available.
  package init(_ options: GeometryBenchOptions, log: Logger, memory: Int = ResourceLimits.memory) {
    (self.options, self.log, self.memory) = (options, log, memory)
  }

  /// Measures everything. Throws `MomentsError` if memory does not suffice, and `CancellationError`.
  package func run() throws -> GeometryBenchReport {
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
      let product = try seconds { flops = try benchmark.product { try Task.checkCancellation() } }
      // Blocks on the diagonal are computed whole.
      products.append(product * benchmark.flops / flops)
      sweeps.append(try seconds { try benchmark.sweep { try Task.checkCancellation() } })
      singles.append(try seconds { deciding.multiply() })
      decides.append(try seconds { try deciding.decide() })
    }
    return GeometryBenchReport(
      options: options, rows: deciding.rows, flops: benchmark.flops,
      singleFlops: deciding.flops, product: products.median, sweep: sweeps.median, singleProducts: singles.median,
      decide: decides.median)
  }

  /// Checks memory for the means, centred means and panels and for making them, and for the classifier in both
  /// precisions and its source.
  private func checkMemory() throws {
    let numbers = (8 * options.classes + 4 * options.vocabulary) * options.dimension
    let needed = numbers * MemoryLayout<Double>.size + 512 << 20
    guard needed <= memory else {
      throw MomentsError(
        .outOfMemory, expected: "\(ByteCount.describe(needed)) of memory for \(options.classes) class means",
        found: ByteCount.describe(memory), advice: "give fewer --classes, or a smaller --dimension")
    }
  }

}
