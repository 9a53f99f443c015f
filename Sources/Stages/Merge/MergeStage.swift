import Artefacts
import Engine
import Plan
import Support

/// `merge`: the moments of several states, as if accumulated together; or, for files, the decisions on several streams.
package struct MergeStage: StageKind, ArtefactStage {
  package static let name = "merge"
  package static let summary = "the moments of several states, as if accumulated together"
  package static let product = Product.moments
  package static let fileExtension: String? = "h5"
  package static let writes = [StateReader.own, DecisionsReader.own]
  package static let settings: [Setting<Self>] = [
    .init(
      "states", "state files, or stages that make them, in order; or files of decisions", refersTo: .moments,
      required: true, list: true,
      verb: .argument("state", "state files or files of decisions, or quoted globs, in natural order")),
    .memory(\.memory, "Less memory means smaller class ranges and scatters on scratch"),
    .threads(\.threads, "that merge"),
    .init(\.scratch, "scratch", "folder for data that does not fit in memory; by default the output's folder", .folder),
    .init(\.output, "output", "the state file to write (HDF5)", .output, verb: .required),
  ]

  package static let merges: String? = "states"

  package var memory: Int?
  var threads = ResourceLimits.threads
  package var scratch: Located<String>?
  package var output: Located<String>?

  package init() {}

  package static let progressUnit = "B"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    try await DedicatedExecutor.run("merge.\(run.name)") { try merge(run) }
    return nil
  }
}
