import Engine
import Moments
import Plan
import Samples
import Support

/// What `bench merge` measures, named as on the command line.
public struct MergeBenchOptions: Settings, Equatable {
  package static let settings: [Setting<Self>] = [
    .init(
      \.states, "states", "shards to merge, and then a half, a quarter and an eighth of them; 1000 by default",
      .amount(atLeast: 2, atMost: 1 << 20)),
    .init(\.vocabulary, "vocabulary", "token ids, V; 2000 by default", .amount(atMost: 1 << 24)),
    .init(
      \.dimension, "dimension", "features of a class mean, d; 64 by default", .amount(atMost: Block.maximumDimension)),
    .init(\.type, "type", "storage type of the features: float16 (the default), bfloat16, float32 or float64"),
    .init(\.within, "within", "within-class scatter to keep: none (the default), pooled or pooled-single"),
    .init(\.memory, "memory", "most a merge may take, as in 256MiB; by default as merge has it", .bytes),
    .threads(\.threads, "that merge"),
    .repeats(\.repeats),
    .init(\.scratch, "scratch", "the folder for the states, which are removed in the end; by default TMPDIR", .folder),
  ]

  /// Shards of the simulation at most.
  private(set) var states = 1_000
  /// V, token ids.
  private(set) var vocabulary = 2_000
  /// d
  private(set) var dimension = 64
  private(set) var type = ScalarType.float16
  private(set) var within = WithinScatter.none
  /// Bytes a merge may take.
  private(set) var memory = Allowance.standardMemory
  private(set) var threads = Allowance.threads
  /// How often everything is measured; the median counts.
  private(set) var repeats = 3
  /// Where the states are for the time of the measurement; where nil, `TMPDIR` says.
  private(set) var scratch: String?

  package init() {}

  /// How many states are merged: an eighth, a quarter and a half of them, and all.
  var counts: [Int] { [8, 4, 2, 1].map { states / $0 }.filter { $0 > 0 } }
}
