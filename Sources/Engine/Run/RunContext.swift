import Logging
import Plan
import Storage

/// What every stage of a run is given.
package struct RunContext: Sendable {
  package let log: Logger
  /// Where states go that no output keeps.
  package let scratch: String
  /// Whether an artefact outlives the run.
  package func keeps(_ file: String) -> Bool { scratch.isEmpty || !file.hasPrefix(scratch + "/") }

  /// A folder for what stages that name none find no memory for; nil for that of their outputs.
  package var spill: String?
  /// Where what finds no memory goes, of a stage that writes `output`.
  package func spill(_ own: Located<String>?, _ output: String) -> String {
    own?.value ?? spill ?? AtomicFile.folder(of: output)
  }

  /// Requests to keep what is done.
  package let checkpoints: CheckpointRequests
  /// Whether the user wants to start over instead of going on from what was kept.
  package let restarts: Bool
}
