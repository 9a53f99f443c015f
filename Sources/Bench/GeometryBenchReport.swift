import Engine
import Foundation
import Support

/// The results of the geometry benchmark: median times, rates, and ratios to the matrix products.
package struct GeometryBenchReport: Sendable {

  let options: GeometryBenchOptions
  /// Number of samples decided.
  let rows: Int
  /// Multiplications and additions of half the Gram matrix, and of deciding.
  let flops: Double
  let singleFlops: Double
  /// Seconds of half the Gram matrix by `dgemm`, and of the whole sweep over pairs.
  let product: Double
  let sweep: Double
  /// Seconds of the two products by `sgemm`, and of deciding by both deciders.
  let singleProducts: Double
  let decide: Double

  /// One object: the machine, the sizes, one member per subject.
  package var json: JSONValue {
    [
      "machine": Processor.json(threads: options.threads),
      "sizes": [
        "classes": .integer(options.classes), "dimension": .integer(options.dimension),
        "vocabulary": .integer(options.vocabulary), "rows": .integer(rows),
      ],
      "repeats": .integer(options.repeats),
      "dgemm": ["seconds": .number(product), "flops_per_second": .number(flops / product)],
      "sweep": [
        "seconds": .number(sweep), "flops_per_second": .number(flops / sweep),
        "pairs_per_second": .number(pairs / sweep),
        "times_of_dgemm": .number(sweep / product),
      ],
      "sgemm": ["seconds": .number(singleProducts), "flops_per_second": .number(singleFlops / singleProducts)],
      "decide": [
        "seconds": .number(decide), "flops_per_second": .number(singleFlops / decide),
        "rows_per_second": .number(Double(rows) / decide), "share_of_sgemm": .number(singleProducts / decide),
      ],
    ]
  }

  private var pairs: Double { Double(options.classes) * Double(options.classes - 1) / 2 }

  /// Plain text for a terminal.
  package var table: String {
    let heading = """
      \(Processor.heading(threads: options.threads, repeats: options.repeats))
      \(ProgressDisplay.grouped(options.classes)) class means of \(options.dimension) features, a classifier of \
      \(ProgressDisplay.grouped(options.vocabulary)) rows, \(ProgressDisplay.grouped(rows)) samples to decide

      """
    let lines = [
      ["", "seconds", "GFLOP/s", "", "time", "of"],
      line("half the Gram matrix, dgemm", product, flops),
      line(
        "whole sweep over pairs", sweep, flops, String(format: "%.3g pairs/s", pairs / sweep), sweep / product, "dgemm"),
      line("two products, sgemm", singleProducts, singleFlops),
      line(
        "decide", decide, singleFlops, String(format: "%.3g samples/s", Double(rows) / decide),
        decide / singleProducts, "sgemm"),
    ]
    return heading + "\n" + TextTable(lines, rightAligned: 1...4).text + "\n"
  }

  private func line(
    _ name: String, _ seconds: Double, _ flops: Double, _ rate: String = "", _ ratio: Double? = nil, _ of: String = ""
  ) -> [String] {
    [
      name, String(format: "%.3f", seconds), String(format: "%.1f", flops / seconds / 1e9), rate,
      ratio.map { String(format: "%.2f ×", $0) } ?? "", of,
    ]
  }
}
