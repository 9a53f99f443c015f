import ArgumentParser
import Bench

struct BenchMergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Measure how a merge's time and memory grow with the number of states, on simulated shards.",
    discussion: """
      The stream is synthetic; the states of its shards are real files, written to scratch. All states are merged, and \
      also half, a quarter and an eighth of them. Each time is compared with reading the same files end to end. The files \
      are read from the system's cache, so disk and network time are not included.

      EXAMPLE
        collapse bench merge
        collapse bench merge --states 256 --vocabulary 32000 --dimension 512 \\
          --within pooled --memory 1GiB
      """)

  @OptionGroup var options: Options<MergeBenchOptions>

  @OptionGroup var format: FormatOption

  func run() async throws {
    let report = try await MergeBench(MergeBenchOptions(options.given, of: "bench merge"), log: ConsoleLog.logger).run()
    try format.print(table: report.table, json: report.json)
  }
}
