import Embeddings
import Foundation

/// What measuring the geometry found: median times, rates, and what is beside what.
public struct GeometryBenchReport: Sendable {
  /// The processor's name, where the system says it.
  let processor: String?
  let options: GeometryBenchOptions
  /// Multiplications and additions of half the Gram matrix.
  let flops: Double
  /// Seconds of half the Gram matrix by `dgemm`, and of the whole sweep over pairs.
  let product: Double
  let sweep: Double

  /// One object: the machine, the sizes, a member a subject.
  public var json: JSONValue {
    [
      "machine": ["processor": processor.map { .string($0) } ?? .null, "threads": .integer(options.threads)],
      "sizes": ["classes": .integer(options.classes), "dimension": .integer(options.dimension)],
      "repeats": .integer(options.repeats),
      "dgemm": ["seconds": .number(product), "flops_per_second": .number(flops / product)],
      "sweep": [
        "seconds": .number(sweep), "flops_per_second": .number(flops / sweep),
        "pairs_per_second": .number(pairs / sweep),
        "times_of_dgemm": .number(sweep / product),
      ],
    ]
  }

  private var pairs: Double { Double(options.classes) * Double(options.classes - 1) / 2 }

  /// Plain text for a terminal.
  public var table: String {
    let heading = """
      \(processor ?? "unknown processor"), \(options.threads) thread\(options.threads == 1 ? "" : "s"); \
      median of \(options.repeats)
      \(ProgressDisplay.grouped(options.classes)) class means of \(options.dimension) features

      """
    let lines = [
      ["", "seconds", "GFLOP/s", "pairs/s", "times", "of"],
      line("half the Gram matrix, dgemm", product), line("whole sweep over pairs", sweep, of: product, "dgemm"),
    ]
    return heading + "\n" + TextTable(lines, rightAligned: 1...4).text + "\n"
  }

  private func line(_ name: String, _ seconds: Double, of other: Double? = nil, _ what: String = "") -> [String] {
    [
      name, String(format: "%.3f", seconds), String(format: "%.1f", flops / seconds / 1e9),
      String(format: "%.3g", pairs / seconds), other.map { String(format: "%.2f", seconds / $0) } ?? "", what,
    ]
  }
}
