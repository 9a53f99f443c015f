import ArgumentParser
import Bench

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure this machine's speed on streams, geometry and merging; check errors on simulated corpora.",
    discussion: """
      EXAMPLE
        collapse bench
        collapse bench geometry
        collapse bench merge
        collapse bench noise
      """,
    subcommands: [BenchStreamCommand.self, BenchGeometryCommand.self, BenchMergeCommand.self, BenchNoiseCommand.self],
    defaultSubcommand: BenchStreamCommand.self)
}

struct BenchStreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Measure this machine's speed on a synthetic stream, and predict the time for a corpus (the default).",
    discussion: """
      Labels follow Zipf's law, as in language. Features are a class mean plus noise, and compress like real ones. One \
      run measures memory, decompression, the kernel and the whole, each against its limit. The stream is read from the \
      system's cache, so disk and network time are not included.

      EXAMPLE
        collapse bench
        collapse bench --dimension 4096 --type bfloat16 --vocabulary 128256 \\
          --corpus 1e10 --threads 16
      """)

  @OptionGroup var options: Options<BenchOptions>

  @OptionGroup var format: FormatOption

  func run() async throws {
    let report = try await Bench(BenchOptions(options.given, of: "bench"), log: ConsoleLog.logger).run()
    try format.print(table: report.table, json: report.json)
  }
}
