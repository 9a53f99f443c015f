import Formats
import Samples

/// Consecutive samples of a ``SampleStream``: labels, features in their stored type, and predictions if the file has
/// them.
///
/// Features stay in the memory into which they were read or decompressed, as long as the block exists. A block has at
/// most 64 MiB of features, or 16 rows if these are more.
public struct SampleBlock: Sendable {
  /// The reader's digests before and after a block.
  struct Tallies: Sendable {
    let before: PassedSamples.Saved?
    let after: PassedSamples.Saved?
  }

  let inner: Block
  let tallies: Tallies
  /// Rows skipped since the previous block.
  let skippedBefore: Int
  /// Whether non-finite rows were skipped. Otherwise they are refused when features are used.
  let isFinite: Bool
  /// How files that start in this block are read, in words: which array holds the labels, which the features, and
  /// whether labels are next tokens or tokens by position. Each choice comes once, so this is empty for most blocks.
  public let choices: [String]

  /// n, the number of samples. It is 0 for the last block if all rows after the previous one were skipped.
  public var count: Int { inner.rows }
  /// d, the number of features of a sample.
  public var dimension: Int { inner.dimension }
  /// The type of the stored features.
  public var featureType: FeatureType { FeatureType(inner.scalar) }
  /// n token ids.
  public var labels: [Int32] { Array(inner.labels) }
  /// n token ids that the model predicted, or nil if the file has none. −1 in batches without predictions.
  public var predictions: [Int32]? { inner.predictions.map(Array.init) }

  /// The file of a sample, as named to the stream, and its row in that file, from 0.
  ///
  /// - Parameter index: from 0 to ``count`` − 1. The result for any other index is meaningless.
  public func origin(of index: Int) -> (file: String, row: Int) {
    let origin = inner.origin(ofRow: index)
    return (origin.source, origin.row)
  }

  /// Calls `body` for each contiguous run of rows, in order, until all samples have been passed.
  ///
  /// Features are copied only if they are not aligned in memory. There is no number type for `.bfloat16`: use
  /// ``features(as:)``.
  ///
  /// - Parameters:
  ///   - type: the type that ``featureType`` names, such as `Float16.self` for `.float16`.
  ///   - body: receives the features of a run, [rows × d] row-major, and the indices of its samples in the block.
  /// - Throws: ``CollapseError`` of kind `elementType` or `nonfinite`; and the errors of `body`.
  public func withFeatures<Element: FeatureElement>(
    as type: Element.Type, _ body: (_ features: Span<Element>, _ samples: Range<Int>) throws -> Void
  ) throws {
    guard Element.featureType == featureType else { throw wrongType(Element.self, "the type of the features") }
    try checkFinite()
    var outcome: Result<Void, any Error> = .success(())
    inner.forEachRun { run, first in
      let samples = first..<first + run.count / inner.rowBytes
      outcome = Result {
        if let start = run.baseAddress, Int(bitPattern: start) % MemoryLayout<Element>.alignment == 0 {
          try body(run.bindMemory(to: Element.self).span, samples)
        } else {
          let copy = [Element](unsafeUninitializedCapacity: run.count / MemoryLayout<Element>.stride) { target, count in
            UnsafeMutableRawBufferPointer(target).copyMemory(from: run)
            count = target.count
          }
          try body(copy.span, samples)
        }
      }
      if case .failure = outcome { return false }
      return true
    }
    try outcome.get()
  }

  /// A copy of the features, [n × d] row-major, converted exactly.
  ///
  /// - Parameter type: the stored type or a wider one: `Double.self` for any, `Float.self` for float16 and bfloat16.
  /// - Throws: ``CollapseError`` of kind `elementType` or `nonfinite`.
  public func features<Element: FeatureElement>(as type: Element.Type) throws(CollapseError) -> [Element] {
    guard Element.featureType == featureType || MemoryLayout<Element>.stride > inner.scalar.byteCount else {
      throw wrongType(Element.self, "a type that holds every \(featureType.rawValue)")
    }
    try checkFinite()
    let row = UnsafeMutablePointer<Double>.allocate(capacity: dimension)
    defer { row.deallocate() }
    return [Element](unsafeUninitializedCapacity: count * dimension) { features, initialized in
      for (number, start) in inner.rowStarts.enumerated() {
        inner.scalar.widen(start, count: dimension, into: row)
        for feature in 0..<dimension {
          features.initializeElement(at: number * dimension + feature, to: Element(row[feature]))
        }
      }
      initialized = count * dimension
    }
  }

  /// Whether the block is a window of the stream, complete except for skipped rows.
  var isWindow: Bool {
    count > 0 && (count + skippedBefore) % Block.capacity(dimension: dimension, scalar: inner.scalar) == 0
  }

  /// Throws if a row is not finite and was not skipped.
  func checkFinite() throws(CollapseError) {
    if !isFinite, let row = inner.firstNonfiniteRow() { throw CollapseError(EmbeddingReader.nonfinite(row, in: inner)) }
  }

  private func wrongType<Element: FeatureElement>(_ type: Element.Type, _ expected: String) -> CollapseError {
    CollapseError(
      .elementType, "type", expected: "\(expected), which is \(featureType.rawValue)",
      found: Element.featureType.rawValue,
      advice: "check featureType first, or use features(as: Double.self), which takes any type")
  }
}
