import ArgumentParser
import Engine
import Slurm
import Storage

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show a run's progress, from another shell or another machine.",
    discussion: """
      A run keeps its status in its output folder, where it stays after the run has ended. For a pipeline run as Slurm \
      jobs, every task is shown with its node, progress, rate and retries.

      EXAMPLE
        collapse status out/quickstart
        collapse status --format json out/quickstart/status.json
      """)

  @Argument(help: "The pipeline's out folder, or a status file.", completion: .file(), transform: HomeFolder.expand)
  var place: String

  @OptionGroup var format: FormatOption

  func run() async throws {
    if let report = try await SlurmReport.look(at: place) {
      try format.print(table: report.table, json: report.json)
      return
    }
    let report = try StatusReport(place)
    try format.print(table: report.table, json: report.json)
  }
}
