import ArgumentParser
import Bench

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure what this machine makes of streams, of geometry and of merging, against its limits.",
    discussion: """
      EXAMPLE
        collapse bench
        collapse bench geometry
        collapse bench merge
      """,
    subcommands: [BenchStreamCommand.self, BenchGeometryCommand.self, BenchMergeCommand.self],
    defaultSubcommand: BenchStreamCommand.self)
}

struct BenchStreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract:
      "Measure what this machine makes of a synthetic stream, and foretell the time for a corpus (the default).",
    discussion: """
      Labels have the skew of language (Zipf's law); features are a class mean plus noise and compress as real ones do. \
      Memory, decompression, kernel and the whole are each measured in one run and set against what limits them. The \
      stream is read from the system's cache: what a disk or a network adds is not seen.

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
