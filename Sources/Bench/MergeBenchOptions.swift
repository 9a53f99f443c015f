import Engine
import Moments
import Plan
import Samples
import Support

/// What `bench merge` measures, named as on the command line.
package struct MergeBenchOptions: Settings, Equatable {
  package static let settings: [Setting<Self>] = [
    .init(
      \.states, "states", "shards to merge, and also a half, a quarter and an eighth of them; 1000 by default",
      .amount(atLeast: 2, atMost: 1 << 20)),
    .init(\.vocabulary, "vocabulary", "token ids, V; 2000 by default", .amount(atMost: 1 << 24)),
    .init(
      \.dimension, "dimension", "features of a class mean, d; 64 by default", .amount(atMost: Block.maximumDimension)),
    .init(\.type, "type", "storage type of the features: float16 (the default), bfloat16, float32 or float64"),
    .init(\.within, "within", "within-class scatter to keep: none (the default), pooled or pooled-single"),
    .init(\.memory, "memory", "most memory a merge may take, as in 256MiB; by default the same as for merge", .bytes),
    .threads(\.threads, "that merge"),
    .repeats(\.repeats),
    .init(\.scratch, "scratch", "the folder for the states, which are removed afterwards; by default TMPDIR", .folder),
  ]

  /// The most shards to merge.
  private(set) var states = 1_000
  /// V, token ids.
  private(set) var vocabulary = 2_000
  /// d
  private(set) var dimension = 64
  private(set) var type = ScalarType.float16
  private(set) var within = WithinScatter.none
  /// The most bytes of memory that a merge may take.
  private(set) var memory = ResourceLimits.standardMemory
  private(set) var threads = ResourceLimits.threads
  /// How many times everything is measured; the median counts.
  private(set) var repeats = 3
  /// The folder of the states during the measurement; nil for `TMPDIR`.
  private(set) var scratch: String?

  package init() {}

  /// The numbers of states that are merged: an eighth, a quarter and a half of them, and all.
  var counts: [Int] { [8, 4, 2, 1].map { states / $0 }.filter { $0 > 0 } }
}
