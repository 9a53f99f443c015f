import Engine
import Geometry
import Logging
import Moments
import Support

/// Compares what is measured of corpora with the truth that they were drawn from: simulated ones, or samples of a stream.
///
/// Two experiments for each shape of the within-class covariance, or for the stream. In the first, true means, spreads and labels are
/// drawn for every corpus: it shows the bias of each statistic. In the second, they are drawn once, and only the
/// features differ: it shows the scatter that the standard errors in closed form should equal. Responds to cancellation
/// between corpora.
package actor NoiseBench {
  private let options: NoiseBenchOptions
  private let log: Logger
  private let executor = DedicatedExecutor("bench.noise")

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package init(_ options: NoiseBenchOptions, log: Logger) {
    (self.options, self.log) = (options, log)
  }

  /// Runs all experiments. Throws ``GeometryError`` if a corpus cannot be measured, and `CancellationError`.
  package func run() throws -> NoiseBenchReport {
    var lines: [NoiseBenchReport.Line] = []
    guard let stream = options.stream else {
      for squaredTrace in options.squaredTraces {
        lines += try compare(
          SimulatedCorpora(
            classes: options.classes, dimension: options.dimension, samples: options.samples,
            squaredTrace: squaredTrace, seed: options.seed))
      }
      return NoiseBenchReport(options: options, lines: lines)
    }
    let corpora = try ResampledCorpora(stream.value, seed: options.seed, threads: options.threads)
    lines = try compare(corpora)
    return NoiseBenchReport(
      options: options, population: .init(corpora), lines: lines)
  }

  /// Runs both experiments.
  private func compare(_ corpora: some NoisyCorpora) throws -> [NoiseBenchReport.Line] {
    log.info("\(2 * options.corpora) corpora with t₂ = \(NoiseBenchReport.short(corpora.squaredTrace))")
    let drawn = try measure { number in
      let truth = try corpora.truth(number)
      return (truth, try corpora.draw(truth, number))
    }
    let truth = try corpora.truth(-1)
    let redrawn = try measure { number in (truth, try corpora.draw(truth, number)) }
    return NoiseStatistic.all.enumerated().map { index, statistic in
      let columns = NoiseBenchOptions.minCounts.indices.map { count in
        NoiseBenchReport.Column(
          drawn: drawn.map { $0[count][index] }, redrawn: redrawn.map { $0[count][index] })
      }
      return .init(squaredTrace: corpora.squaredTrace, statistic: statistic.name, columns: columns)
    }
  }

  /// The findings of all corpora: by corpus, by the fewest samples of a class, by statistic.
  private func measure(
    _ corpus: @Sendable (Int) throws -> (CorpusTruth, MomentsTable)
  ) throws -> [[[NoiseStatistic.Finding]]] {
    var findings: [Result<[[NoiseStatistic.Finding]], any Error>] = []
    try OrderedTasks.run(options.corpora, threads: options.threads) { number in
      Result {
        let (truth, table) = try corpus(number)
        return try NoiseBenchOptions.minCounts.map { minCount in
          let found = try Measures.withoutPairs(
            of: table, filter: ClassFilter(minCount: minCount), entries: NoiseStatistic.all.map(\.entry),
            options: GeometryOptions(threads: 1))
          let traces = truth.traces(minCount: minCount)
          return NoiseStatistic.all.map { $0.finding(in: found, traces) }
        }
      }
    } merge: { _, finding in
      findings.append(finding)
    }
    return try findings.map { try $0.get() }
  }
}

/// A statistic whose expectation is known.
struct NoiseStatistic: Sendable {
  typealias TrueTraces = (within: Double, between: Double, ratio: Double)

  /// What was measured of one corpus; nil if undefined.
  struct Finding: Sendable {
    let value: Double?
    let error: Double?
    let truth: Double
  }

  let entry: StatisticEntry
  var part = StatisticEntry.Part.value
  let truth: @Sendable (TrueTraces) -> Double

  var name: String { part == .value ? entry.id : "\(entry.id), \(part.rawValue)" }

  static let all: [NoiseStatistic] = [
    .init(entry: Traces.within) { $0.within },
    .init(entry: CorrectedTraces.within) { $0.within },
    .init(entry: Traces.between) { $0.between },
    .init(entry: CorrectedTraces.between) { $0.between },
    .init(entry: Traces.quotient) { $0.within / $0.between },
    .init(entry: CorrectedTraces.quotient) { $0.within / $0.between },
    .init(entry: VarianceDistanceRatio.measured) { $0.ratio },
    .init(entry: VarianceDistanceRatio.corrected) { $0.ratio },
    .init(entry: CorrectedNorms.entry, part: .mean) { $0.between },
  ]

  func finding(in measurements: [Measurement], _ traces: TrueTraces) -> Finding {
    let measurement = measurements.first { $0.entry == entry }
    return Finding(value: measurement?.number(part), error: measurement?.errors[part], truth: truth(traces))
  }
}
