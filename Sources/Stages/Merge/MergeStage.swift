import Engine
import Plan
import Support

/// `merge`: the moments of several states as if accumulated together; or, of files, the decisions of several streams.
public struct MergeStage: StageKind, ArtefactStage {
  public static let name = "merge"
  public static let summary = "the moments of several states, as if accumulated together"
  public static let product = Product.moments
  public static let fileExtension: String? = "h5"
  package static let settings: [Setting<Self>] = [
    .init(
      "states", "state files, or stages that make them, in order; or files of decisions", refersTo: .moments,
      required: true, list: true,
      verb: .argument("state", "state files, or files of decisions, or globs in natural order (quoted)")),
    .init(
      \.memory, "memory",
      "most the process may take, as in 4GiB, by default nine tenths of what the job was given; with less, more ranges of classes are read apart, and scatters that find no room go to scratch",
      .bytes),
    .threads(\.threads, "that merge"),
    .init(\.scratch, "scratch", "folder for what finds no room in memory; by default that of the output", .folder),
    .init(\.output, "output", "the state file to write (HDF5)", .output, verb: .required),
  ]

  var memory: Int?
  var threads = Allowance.threads
  var scratch: Located<String>?
  package var output: Located<String>?

  package init() {}

  package static let progressUnit = "B"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    try await DedicatedExecutor.run("merge.\(run.name)") { try merge(run) }
    return nil
  }
}
