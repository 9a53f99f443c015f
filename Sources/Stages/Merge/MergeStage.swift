import Engine
import Plan

/// `merge`: the moments of several states as if accumulated together; or, of files, the decisions of several streams.
public struct MergeStage: StageKind, ArtefactStage {
  public static let name = "merge"
  public static let summary = "the moments of several states, as if accumulated together"
  public static let product = Product.moments
  public static let fileExtension: String? = "h5"
  public static let options = [
    OptionSpec(
      "states", "state files, or stages that make them, in order; or files of decisions", .reference(.moments),
      required: true,
      list: true),
    OptionSpec(
      "memory",
      "most the process may take, as in 4GiB, by default nine tenths of what the job was given; with less, more ranges of classes are read apart, and scatters that find no room go to scratch",
      .bytes),
    OptionSpec("threads", "threads that merge; by default what the job was given", .count()),
    OptionSpec("scratch", "folder for what finds no room in memory; by default that of the output", .folder),
    OptionSpec("output", "the state file to write (HDF5)", .output),
  ]

  let memory: Int?
  let threads: Int
  let scratch: Located<String>?
  public let output: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    memory = decoder.bytes("memory")
    threads = decoder.count("threads") ?? Allowance.threads
    scratch = decoder.folder("scratch")
    output = decoder.located("output")
  }

  public var recipe: [String: String] { [:] }

  package static let progressUnit = "B"

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    try await Merging(self, run).run()
    return nil
  }
}
