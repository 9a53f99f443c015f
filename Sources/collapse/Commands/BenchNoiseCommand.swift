import ArgumentParser
import Bench

struct BenchNoiseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "noise",
    abstract: "Check corrected statistics and standard errors on simulated or redrawn corpora, whose truth is known.",
    discussion: """
      Labels follow Zipf's law; features are normal. In one experiment, every corpus has its own true means and spreads, \
      and values are compared with the truth. In the other, all corpora have the same truth and labels, and standard errors \
      are compared with the scatter of the values. Both are repeated for within-class covariances of several shapes, from \
      even ones to those with few directions. Of a covariance S, t₂ is tr S² / (tr S)².

      With a stream, corpora are drawn with replacement from its classes of at least 60 samples, whose means and variances \
      are then the truth. Half of the classes, at random, have one sample.

      EXAMPLE
        collapse bench noise
        collapse bench noise --classes 2000 --samples 8000 --dimension 64
        collapse bench noise --stream train.npy.zst --corpora 200
      """)

  @OptionGroup var options: Options<NoiseBenchOptions>

  @OptionGroup var format: FormatOption

  func run() async throws {
    let report = try await NoiseBench(NoiseBenchOptions(options.given, of: "bench noise"), log: ConsoleLog.logger).run()
    try format.print(table: report.table, json: report.json)
  }
}
