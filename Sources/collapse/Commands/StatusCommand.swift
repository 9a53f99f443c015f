import ArgumentParser
import Engine
import Slurm

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say how far a run is, from another shell or another machine.",
    discussion: """
      A run keeps its status in its output folder; it stays there when the run has ended. Of a pipeline that was run by \
      jobs of Slurm, every task is shown: its node, progress, rate and retries.

      EXAMPLE
        collapse status out/quickstart
        collapse status --format json out/quickstart/status.json
      """)

  @Argument(help: "The folder that the pipeline has as out, or a status file.")
  var place: String

  @OptionGroup var format: FormatOption

  func run() async throws {
    if let report = try await SlurmReport.look(at: place) {
      try Results.print(format.resolved == .table ? report.table : report.json)
      return
    }
    let report = try StatusReport(place)
    try Results.print(format.resolved == .table ? report.table : report.json)
  }
}
