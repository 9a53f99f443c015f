import Logging
import Storage

/// What every stage of a run is given.
struct RunContext: Sendable {
  let log: Logger
  /// Where states go that no output keeps.
  let scratch: String
  /// Whether an artefact outlives the run.
  func keeps(_ file: String) -> Bool { scratch.isEmpty || !file.hasPrefix(scratch + "/") }

  /// A folder for what stages that name none find no memory for; nil for that of their outputs.
  var spill: String?
  /// Where what finds no memory goes, of a stage that writes `output`.
  func spill(_ own: Located<String>?, _ output: String) -> String {
    own?.value ?? spill ?? AtomicFile.folder(of: output)
  }

  /// Requests to keep what is done.
  let checkpoints: CheckpointRequests
  /// Whether the user wants to start over instead of going on from what was kept.
  let restarts: Bool
}
