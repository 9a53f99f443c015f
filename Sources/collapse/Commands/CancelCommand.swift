import ArgumentParser
import Slurm
import Storage

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

  func run() async throws { try Results.print(try await RunCancellation.cancel(place, log: ConsoleLog.logger)) }
}
