import ArgumentParser
import Slurm

struct CancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End a run, or the jobs of a pipeline, from another shell.",
    discussion: """
      What is done is kept: running the pipeline again goes on from there.

      EXAMPLE
        collapse cancel out/quickstart
      """)

  @Argument(help: "The folder that the pipeline has as out.")
  var place: String

  func run() async throws { try Results.print(try await Cancelling.cancel(place, log: ConsoleLog.logger)) }
}
