import Engine
import Moments
import Plan
import Samples

/// What `bench` measures, named as on the command line.
public struct BenchOptions: Sendable, Equatable {
  /// Rows of the synthetic stream.
  public var rows: Int
  /// d
  public var dimension: Int
  /// V: labels are below it.
  public var vocabulary: Int
  public var type: ScalarType
  public var within: WithinScatter
  public var threads: Int
  /// How often everything is measured; the median counts.
  public var repeats: Int
  /// Where the stream is written for the time of the measurement; where nil, `TMPDIR` says.
  public var scratch: String?
  /// Rows of the corpus that is to be foretold.
  public var corpus: Int

  /// What each option is, for help and decoding.
  public static let specs = [
    OptionSpec("rows", "rows of the stream; by default as many as a minute on two cores is enough for, 1.2 GB at most"),
    OptionSpec("dimension", "features of a row, d; 768 by default"),
    OptionSpec("vocabulary", "token ids, V; 50257 by default"),
    OptionSpec("type", "storage type of the features: float16 (the default), bfloat16, float32 or float64"),
    OptionSpec("within", "within-class scatter to keep: none (the default), pooled or pooled-single"),
    OptionSpec("threads", "threads that decompress and fold; by default what the job was given"),
    OptionSpec("repeats", "how often everything is measured; the median of 3 by default"),
    OptionSpec("scratch", "the folder for the stream, which is removed in the end; by default TMPDIR"),
    OptionSpec("corpus", "rows of the corpus to foretell the time of; 1e9 by default"),
  ]

  /// Decodes options as the user wrote them. Throws ``PipelineError`` with everything wrong with them.
  public init(_ options: [String: StageDescription.Option]) throws {
    try self.init(options, memory: Allowance.memory)
  }

  /// - Parameter memory: bytes there are, of which a stream of the default size takes a quarter at most.
  init(_ options: [String: StageDescription.Option], memory: Int) throws {
    let name = "bench"
    var decoder = OptionDecoder(
      StageDescription(name: name, kind: Located(name, .option(name)), options: options), Self.specs)
    dimension = decoder.amount("dimension", within: 1...Block.maximumDimension) ?? 768
    vocabulary = decoder.amount("vocabulary", within: 1...1 << 24) ?? 50_257
    type = decoder.choice("type", ScalarType.float16)
    within = decoder.choice("within", WithinScatter.none)
    threads = decoder.amount("threads", within: 1...4096) ?? Allowance.threads
    repeats = decoder.amount("repeats", within: 1...1000) ?? 3
    scratch = decoder.folder("scratch")?.value
    corpus = decoder.amount("corpus", within: 1...1 << 53) ?? 1_000_000_000
    rows =
      decoder.amount("rows", within: 1...1 << 36)
      ?? Self.defaultRows(rowBytes: dimension * type.byteCount, dimension: dimension, within: within, memory: memory)
    guard decoder.problems.isEmpty else { throw PipelineError(decoder.problems) }
  }

  /// A million rows, or as many as make 1.2 GB or a quarter of the memory; with the scatter, as many as two cores multiply
  /// in a few seconds.
  static func defaultRows(rowBytes: Int, dimension: Int, within: WithinScatter, memory: Int) -> Int {
    let fitting = max(min(1_200_000_000, memory / 4) / rowBytes, 1)
    let rows = min(fitting, 1_000_000)
    guard within != .none else { return rows }
    return min(rows, max(150_000_000_000 / (dimension * dimension), 16_384))
  }
}
