import Engine
import Plan
import Support

/// What `bench noise` simulates, named as on the command line.
package struct NoiseBenchOptions: Settings, Equatable {
  package static let settings: [Setting<Self>] = [
    .init(
      \.corpora, "corpora", "corpora to draw in each experiment; 1000 by default", .amount(atLeast: 2, atMost: 1 << 20)),
    .init(\.classes, "classes", "true classes, K; 300 by default", .amount(atLeast: 2, atMost: 10_000)),
    .init(\.dimension, "dimension", "features of a sample, d; 32 by default", .amount(atLeast: 2, atMost: 512)),
    .init(\.samples, "samples", "samples of a corpus, N; 4000 by default", .amount(atLeast: 2, atMost: 1 << 24)),
    .init(
      \.stream, "stream", "a stream whose frequent classes to draw corpora from, instead of simulated ones", .file),
    .init(\.seed, "seed", "seed of the corpora; 0 by default", .count(atLeast: 0)),
    .init(\.threads, "threads", "threads; by default what the job was given", .amount(atMost: 4096)),
  ]

  private(set) var corpora = 1000
  /// K, the true classes.
  private(set) var classes = 300
  /// d
  private(set) var dimension = 32
  /// N, the samples of a corpus.
  private(set) var samples = 4000
  /// The stream of real features, if there is one. Then the sizes are its own.
  private(set) var stream: Located<String>?
  private(set) var seed = 0
  private(set) var threads = ResourceLimits.threads

  /// The fewest samples of a class, each measured.
  static let minCounts = [1, 2, 10]

  package init() {}

  /// The values of t₂ = tr Σ̃², from features that vary alike to a few that dominate.
  var squaredTraces: [Double] {
    let least = 1 / Double(dimension)
    return [least] + [0.1, 0.25, 0.4].filter { $0 > 1.2 * least }
  }
}
