import ArgumentParser
import Slurm
import Storage
import Support

struct CancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Stop a run, or the jobs of a pipeline, from another shell.",
    discussion: """
      Finished work is kept: run the pipeline again to continue.

      EXAMPLE
        collapse cancel out/quickstart
      """)

  @Argument(help: "The pipeline's out folder.", completion: .directory, transform: HomeFolder.expand)
  var place: String

  func run() async throws {
    // The name of the run is what its file says.
    let said = try await RunCancellation.cancel(place, log: ConsoleLog.logger)
    try Results.print(VisibleText.line(said.hasSuffix("\n") ? String(said.dropLast()) : said) + "\n")
  }
}
