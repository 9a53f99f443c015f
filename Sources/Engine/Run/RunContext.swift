import Logging
import Plan
import Storage

/// Shared by all stages of a run.
package struct RunContext: Sendable {
  package let log: Logger
  /// The folder for states that are not kept as outputs.
  package let scratch: String
  /// Whether an artefact outlives the run.
  package func keeps(_ file: String) -> Bool { scratch.isEmpty || !file.hasPrefix(scratch + "/") }

  /// A folder for data that does not fit in memory, for stages that name none; nil for the folder of their outputs.
  package var spill: String?
  /// The folder for data that does not fit in memory, for a stage that writes `output`.
  package func spill(_ own: Located<String>?, _ output: String) -> String {
    own?.value ?? spill ?? AtomicFile.folder(of: output)
  }

  /// Requests for checkpoints.
  package let checkpoints: CheckpointRequests
  /// Whether to start over instead of resuming from checkpoints.
  package let restarts: Bool
  /// Whether to start over because a checkpoint is of other samples. It stays until there is a new one.
  package var ignoresCheckpoints = false
}
