import Engine

/// A command was interrupted: says whether the same command goes on from anything.
struct Interrupted: Error, CustomStringConvertible {
  enum Next {
    case goesOn
    /// Unless it is told to start over again.
    case goesOnWithoutRestart
    case startsAnew
  }

  let next: Next

  var description: String {
    let next =
      switch next {
      case .goesOn: "Run it again: it goes on from what was kept."
      case .goesOnWithoutRestart: "Run it again without --restart: it goes on from what was kept."
      case .startsAnew: "Nothing was kept: run again, it starts anew."
      }
    return "interrupted; nothing half-written is left. \(next)"
  }
}

extension PipelineRun {
  /// Runs it, and says what is kept where it comes to no good end. Throws ``Interrupted`` where it is cancelled.
  ///
  /// - Parameter restarts: whether the command says to start over.
  func runSayingWhatIsKept(restarts: Bool) async throws -> Results {
    do {
      return try await run()
    } catch is CancellationError {
      throw Interrupted(next: hasKept ? restarts ? .goesOnWithoutRestart : .goesOn : .startsAnew)
    } catch {
      let again = restarts ? "the same command without --restart" : "the same command"
      for file in newCheckpoints {
        ConsoleLog.logger.info(
          "a checkpoint is kept, \(file): \(again), with the same inputs, goes on from it; --restart starts over")
      }
      throw error
    }
  }
}
