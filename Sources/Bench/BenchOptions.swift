import Engine
import Moments
import Plan
import Samples
import Support

/// What `bench` measures, named as on the command line.
package struct BenchOptions: Settings, Equatable {
  package static let settings: [Setting<Self>] = [
    .init(
      \.rows, "rows", "rows of the stream; by default what two cores measure in a minute, at most 1.2 GB",
      .amount(atMost: 1 << 36)),
    .init(\.dimension, "dimension", "features of a row, d; 768 by default", .amount(atMost: Block.maximumDimension)),
    .init(\.vocabulary, "vocabulary", "token ids, V; 50257 by default", .amount(atMost: 1 << 24)),
    .init(\.type, "type", "storage type of the features: float16 (the default), bfloat16, float32 or float64"),
    .init(\.within, "within", "within-class scatter to keep: none (the default), pooled or pooled-single"),
    .init(\.moments, "moments", "second moments to keep of each class: trace (the default) or diagonal"),
    .threads(\.threads, "that decompress and fold"),
    .repeats(\.repeats),
    .init(\.scratch, "scratch", "the folder for the stream, which is removed afterwards; by default TMPDIR", .folder),
    .init(\.corpus, "corpus", "rows of the corpus whose time to predict; 1e9 by default", .amount()),
  ]

  /// Rows of the synthetic stream.
  private(set) var rows = 0
  /// d
  private(set) var dimension = 768
  /// V; labels are below it.
  private(set) var vocabulary = 50_257
  private(set) var type = ScalarType.float16
  private(set) var within = WithinScatter.none
  private(set) var moments = SecondMoments.trace
  private(set) var threads = ResourceLimits.threads
  /// How many times everything is measured; the median counts.
  private(set) var repeats = 3
  /// The folder of the stream during the measurement; nil for `TMPDIR`.
  private(set) var scratch: String?
  /// Rows of the corpus whose time is predicted.
  private(set) var corpus = 1_000_000_000

  package init() {}

  /// Bytes that a class takes for each feature.
  var classBytes: Int {
    dimension * MemoryLayout<Double>.size
      * moments.rowsPerClass(keepsLowParts: ClassMoments.keepsLowParts(of: type))
  }

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    guard rows == 0 else { return }
    rows = Self.defaultRows(
      rowBytes: dimension * type.byteCount, dimension: dimension, within: within, memory: ResourceLimits.memory)
  }

  /// A million rows, or as many as make 1.2 GB or a quarter of the memory. With the scatter, at most what two cores
  /// multiply in a few seconds.
  static func defaultRows(rowBytes: Int, dimension: Int, within: WithinScatter, memory: Int) -> Int {
    let fitting = max(min(1_200_000_000, memory / 4) / rowBytes, 1)
    let rows = min(fitting, 1_000_000)
    guard within != .none else { return rows }
    return min(rows, max(150_000_000_000 / (dimension * dimension), 16_384))
  }
}
