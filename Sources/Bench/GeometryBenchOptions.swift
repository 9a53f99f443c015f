import Engine
import Plan

/// What `bench geometry` measures, named as on the command line.
public struct GeometryBenchOptions: Sendable, Equatable {
  /// K, class means.
  public var classes: Int
  /// d
  public var dimension: Int
  /// V, rows of the classifier.
  public var vocabulary: Int
  /// Samples to decide.
  public var rows: Int
  public var threads: Int
  /// How often everything is measured; the median counts.
  public var repeats: Int

  /// What each option is, for help and decoding.
  public static let specs = [
    OptionSpec("classes", "class means, K; 29233 by default, as the paper has"),
    OptionSpec("dimension", "features of a class mean, d; 768 by default"),
    OptionSpec("vocabulary", "rows of the classifier, V; 50257 by default"),
    OptionSpec("rows", "samples to decide, a block of them at most; 16384 by default"),
    OptionSpec("threads", "threads; by default what the job was given"),
    OptionSpec("repeats", "how often everything is measured; the median of 3 by default"),
  ]

  /// Decodes options as the user wrote them. Throws ``PipelineError`` with everything wrong with them.
  public init(_ options: [String: StageDescription.Option]) throws {
    let name = "bench geometry"
    var decoder = OptionDecoder(
      StageDescription(name: name, kind: Located(name, .option(name)), options: options), Self.specs)
    classes = decoder.amount("classes", within: 2...1 << 24) ?? 29_233
    dimension = decoder.amount("dimension", within: 1...32_000) ?? 768
    vocabulary = decoder.amount("vocabulary", within: 2...1 << 24) ?? 50_257
    rows = decoder.amount("rows", within: 1...1 << 24) ?? 16_384
    threads = decoder.amount("threads", within: 1...4096) ?? Allowance.threads
    repeats = decoder.amount("repeats", within: 1...1000) ?? 3
    guard decoder.problems.isEmpty else { throw PipelineError(decoder.problems) }
  }
}
