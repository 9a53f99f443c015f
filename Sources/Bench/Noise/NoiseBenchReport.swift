import Engine
import Foundation
import Support

/// The results of the benchmark of noise: bias and errors of each statistic.
package struct NoiseBenchReport: Sendable {
  /// A statistic for the classes with a fewest number of samples.
  struct Column: Sendable {
    /// The standard error in closed form over the scatter, both as root mean squares over the corpora.
    let errorRatio: Double
    /// The mean of value − truth, relative to the truth, and in its own standard errors.
    let bias: Double
    let biasInErrors: Double

    /// - Parameters:
    ///   - drawn: findings of corpora with different truths.
    ///   - redrawn: findings of corpora with one truth.
    init(drawn: [NoiseStatistic.Finding], redrawn: [NoiseStatistic.Finding]) {
      let off = drawn.compactMap { finding in finding.value.map { $0 - finding.truth } }
      let mean = Self.mean(off)
      bias = mean / Self.mean(drawn.map(\.truth))
      biasInErrors = mean / (Self.deviation(off) / Double(off.count).squareRoot())
      let errors = redrawn.compactMap(\.error)
      errorRatio = Self.mean(errors.map { $0 * $0 }).squareRoot() / Self.deviation(redrawn.compactMap(\.value))
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private static func deviation(_ values: [Double]) -> Double {
      let mean = mean(values)
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }
  }

  /// A statistic for one shape of the within-class covariance, by ``NoiseBenchOptions/minCounts``.
  struct Line: Sendable {
    let squaredTrace: Double
    let statistic: String
    let columns: [Column]
  }

  /// The samples that corpora are drawn from.
  struct Population: Sendable {
    let classes: Int
    let dimension: Int
    let samples: Int

    init(_ corpora: ResampledCorpora) {
      (classes, dimension, samples) = (corpora.classes, corpora.dimension, corpora.populationSamples)
    }
  }

  let options: NoiseBenchOptions
  /// Nil for simulated corpora.
  var population: Population?
  let lines: [Line]

  /// One object: the machine, the sizes, one entry for each statistic, t₂ and fewest samples of a class.
  package var json: JSONValue {
    [
      "machine": Processor.json(threads: options.threads),
      "sizes": [
        "corpora": .integer(options.corpora), "classes": .integer(population?.classes ?? options.classes),
        "dimension": .integer(population?.dimension ?? options.dimension),
        "samples": .integer(population?.samples ?? options.samples), "seed": .integer(options.seed),
      ],
      "features": .string(population == nil ? "simulated" : "resampled"),
      "statistics": .array(
        lines.flatMap { line in
          zip(NoiseBenchOptions.minCounts, line.columns).map { minCount, column in
            [
              "statistic": .string(line.statistic), "t2": .number(line.squaredTrace), "min_count": .integer(minCount),
              "error_over_scatter": Self.finite(column.errorRatio), "bias": Self.finite(column.bias),
              "bias_in_standard_errors": Self.finite(column.biasInErrors),
            ]
          }
        }),
    ]
  }

  /// Plain text for a terminal.
  package var table: String {
    let heading = """
      \(ProgressDisplay.grouped(options.corpora)) corpora \(source)
      Error is the one in closed form ÷ scatter. Bias is relative to the truth, and in standard errors of its mean.

      """
    let counts = NoiseBenchOptions.minCounts
    let header = [
      ["t₂", "min-count"] + counts.flatMap { ["\($0)", "", ""] },
      ["", ""] + counts.flatMap { _ in ["error", "bias", "in errors"] },
    ]
    var last: Double?
    let cells = lines.map { line in
      defer { last = line.squaredTrace }
      return [line.squaredTrace == last ? "" : Self.short(line.squaredTrace), line.statistic]
        + line.columns.flatMap { column in
          [
            String(format: "%.2f", column.errorRatio), String(format: "%.1f %%", 100 * column.bias),
            String(format: "%.1f", column.biasInErrors),
          ]
        }
    }
    return heading + "\n" + TextTable(header + cells, rightAligned: 2...header[0].count - 1).text + "\n"
  }

  /// What corpora are drawn from.
  private var source: String {
    guard let population else {
      return """
        of \(ProgressDisplay.grouped(options.samples)) samples, \(ProgressDisplay.grouped(options.classes)) classes by \
        Zipf's law, d = \(options.dimension).
        """
    }
    return """
      from the \(ProgressDisplay.grouped(population.samples)) samples of \
      \(ProgressDisplay.grouped(population.classes)) frequent classes, half of which have one sample in a corpus; \
      d = \(population.dimension).
      """
  }

  static func short(_ number: Double) -> String { String(format: "%.2g", number) }

  private static func finite(_ number: Double) -> JSONValue { number.isFinite ? .number(number) : .null }
}
