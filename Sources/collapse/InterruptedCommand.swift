import Engine

/// A command was interrupted; says whether running it again resumes.
struct InterruptedCommand: Error, CustomStringConvertible {
  enum Next {
    case resumes
    /// Unless it is told to start over.
    case resumesWithoutRestart
    case startsOver
  }

  let next: Next

  var description: String {
    let next =
      switch next {
      case .resumes: "Run it again to continue from what was kept."
      case .resumesWithoutRestart: "Run it again without --restart to continue from what was kept."
      case .startsOver: "Nothing was kept: run it again to start over."
      }
    return "interrupted; no half-written files are left. \(next)"
  }
}

extension PipelineRun {
  /// Runs the pipeline, and logs which checkpoints are kept if it fails. Throws ``InterruptedCommand`` if it is cancelled.
  ///
  /// - Parameter restarts: whether the command says to start over.
  func runReportingKeptWork(restarts: Bool) async throws -> Results {
    do {
      return try await run()
    } catch is CancellationError {
      throw InterruptedCommand(next: hasKept ? restarts ? .resumesWithoutRestart : .resumes : .startsOver)
    } catch {
      let again = restarts ? "the same command without --restart" : "the same command"
      for file in keptCheckpoints(after: error) {
        ConsoleLog.logger.info(
          "a checkpoint is kept, \(file): \(again), with the same inputs, resumes from it; --restart starts over")
      }
      throw error
    }
  }
}
