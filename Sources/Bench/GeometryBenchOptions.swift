import Engine
import Plan
import Support

/// What `bench geometry` measures, named as on the command line.
package struct GeometryBenchOptions: Settings, Equatable {
  package static let settings: [Setting<Self>] = [
    .init(
      \.classes, "classes", "class means, K; 29233 by default, as in the paper", .amount(atLeast: 2, atMost: 1 << 24)),
    .init(\.dimension, "dimension", "features of a class mean, d; 768 by default", .amount(atMost: 32_000)),
    .init(
      \.vocabulary, "vocabulary", "rows of the classifier, V; 50257 by default", .amount(atLeast: 2, atMost: 1 << 24)),
    .init(\.rows, "rows", "samples to decide, at most one block; 16384 by default", .amount(atMost: 1 << 24)),
    .init(\.threads, "threads", "threads; by default what the job was given", .amount(atMost: 4096)),
    .repeats(\.repeats),
  ]

  /// K, class means.
  private(set) var classes = 29_233
  /// d
  private(set) var dimension = 768
  /// V, rows of the classifier.
  private(set) var vocabulary = 50_257
  /// Samples to decide.
  private(set) var rows = 16_384
  private(set) var threads = ResourceLimits.threads
  /// How many times everything is measured; the median counts.
  private(set) var repeats = 3

  package init() {}
}

extension Setting {
  /// How many times a benchmark measures everything.
  static func repeats(_ path: WritableKeyPath<Root, Int> & Sendable) -> Setting {
    Setting(
      path, "repeats", "how many times to measure everything; 3 by default, and the median counts",
      .amount(atMost: 1000))
  }
}
