import Logging

/// What every stage of a run is given.
struct RunContext: Sendable {
  let log: Logger
  /// Where states go that no output keeps.
  let scratch: String
  /// Whether an artefact outlives the run.
  func keeps(_ file: String) -> Bool { scratch.isEmpty || !file.hasPrefix(scratch + "/") }

  /// Requests to keep what is done.
  let checkpoints: CheckpointRequests
  /// Whether the user wants to start over instead of going on from what was kept.
  let restarts: Bool
}
