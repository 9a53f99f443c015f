import Engine
import Moments
import Plan
import Samples

/// What `bench merge` measures, named as on the command line.
public struct MergeBenchOptions: Sendable, Equatable {
  /// Shards of the simulation at most.
  public var states: Int
  /// V, token ids.
  public var vocabulary: Int
  /// d
  public var dimension: Int
  public var type: ScalarType
  public var within: WithinScatter
  /// Bytes a merge may take.
  public var memory: Int
  public var threads: Int
  /// How often everything is measured; the median counts.
  public var repeats: Int
  /// Where the states are for the time of the measurement; where nil, `TMPDIR` says.
  public var scratch: String?

  /// What each option is, for help and decoding.
  public static let specs = [
    OptionSpec("states", "shards to merge, and then a half, a quarter and an eighth of them; 1000 by default"),
    OptionSpec("vocabulary", "token ids, V; 2000 by default"),
    OptionSpec("dimension", "features of a class mean, d; 64 by default"),
    OptionSpec("type", "storage type of the features: float16 (the default), bfloat16, float32 or float64"),
    OptionSpec("within", "within-class scatter to keep: none (the default), pooled or pooled-single"),
    OptionSpec("memory", "most a merge may take, as in 256MiB; by default as merge has it", .bytes),
    OptionSpec("threads", "threads that merge; by default what the job was given"),
    OptionSpec("repeats", "how often everything is measured; the median of 3 by default"),
    OptionSpec("scratch", "the folder for the states, which are removed in the end; by default TMPDIR"),
  ]

  /// Decodes options as the user wrote them. Throws ``PipelineError`` with everything wrong with them.
  public init(_ options: [String: StageDescription.Option]) throws {
    let name = "bench merge"
    var decoder = OptionDecoder(
      StageDescription(name: name, kind: Located(name, .option(name)), options: options), Self.specs)
    states = decoder.amount("states", within: 2...1 << 20) ?? 1_000
    vocabulary = decoder.amount("vocabulary", within: 1...1 << 24) ?? 2_000
    dimension = decoder.amount("dimension", within: 1...Block.maximumDimension) ?? 64
    type = decoder.choice("type", ScalarType.float16)
    within = decoder.choice("within", WithinScatter.none)
    memory = decoder.bytes("memory") ?? Allowance.standardMemory
    threads = decoder.amount("threads", within: 1...4096) ?? Allowance.threads
    repeats = decoder.amount("repeats", within: 1...1000) ?? 3
    scratch = decoder.folder("scratch")?.value
    guard decoder.problems.isEmpty else { throw PipelineError(decoder.problems) }
  }

  /// How many states are merged: an eighth, a quarter and a half of them, and all.
  var counts: [Int] { [8, 4, 2, 1].map { states / $0 }.filter { $0 > 0 } }
}
