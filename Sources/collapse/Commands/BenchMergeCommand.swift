import ArgumentParser
import Bench

struct BenchMergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Measure how time and memory of a merge grow with the number of states, in a simulation of shards.",
    discussion: """
      Shards are those of a made-up stream, and their states real ones, written to scratch. All of them are merged, and a \
      half, a quarter and an eighth; each time is set against that of reading the same files from end to end. The files \
      are read from the system's cache: what a disk or a network adds is not seen.

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
