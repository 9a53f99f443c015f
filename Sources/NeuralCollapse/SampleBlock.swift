import Formats
import Samples

/// Consecutive samples of a ``SampleStream``: labels, perhaps predictions, and features in the type in which they are stored.
///
/// Features lie where reading or decompression left them, and stay there while the block is held. A block holds at most 64 MiB
/// of features, except for dimensions at which 16 rows are more.
public struct SampleBlock: Sendable {
  /// What a reader has summed up before and behind a block.
  struct Tallies: Sendable {
    let before: PassedSamples.Saved?
    let after: PassedSamples.Saved?
  }

  let inner: Block
  let tallies: Tallies
  /// Rows left out since the block before.
  let skippedBefore: Int
  /// Whether rows that are not finite were left out; otherwise they are refused when features are used.
  let isFinite: Bool

  /// n, the samples. The last block of a stream has none if rows behind the others were all left out.
  public var count: Int { inner.rows }
  /// d, the features of a sample.
  public var dimension: Int { inner.dimension }
  /// In which features are stored.
  public var featureType: FeatureType { FeatureType(inner.scalar) }
  /// n token ids.
  public var labels: [Int32] { Array(inner.labels) }
  /// n token ids that the model chose, if the file has them; −1 for a sample of a batch without.
  public var predictions: [Int32]? { inner.predictions.map(Array.init) }

  /// The file that a sample is of, as it was named, and the sample's row in it.
  ///
  /// - Parameter index: from 0 to ``count`` − 1; otherwise the answer is of no use.
  public func origin(of index: Int) -> (file: String, row: Int) {
    let origin = inner.origin(ofRow: index)
    return (origin.source, origin.row)
  }

  /// Calls `body` with the features [rows × d], run by run in their order, and which samples they are of.
  ///
  /// Features are not copied, unless a file has them at an address that is no multiple of their size.
  ///
  /// - Parameter type: that of ``featureType``: `Float16.self` for `.float16`.
  /// - Throws: ``CollapseError`` of kind `elementType`, or `nonfinite`; what `body` throws.
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

  /// A copy of the features, [n × d] row-major, widened exactly.
  ///
  /// - Parameter type: `Double.self`, or one that holds every number of the stored type: `Float.self` for float16 and
  ///   bfloat16.
  /// - Throws: ``CollapseError`` of kind `elementType`, or `nonfinite`.
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

  /// Whether the block is a window of the stream, full but for rows left out.
  var isWindow: Bool {
    count > 0 && (count + skippedBefore) % Block.capacity(dimension: dimension, scalar: inner.scalar) == 0
  }

  /// Throws if a row that should have been refused is not finite.
  func checkFinite() throws(CollapseError) {
    if !isFinite, let row = inner.firstNonfiniteRow() { throw CollapseError(EmbeddingReader.nonfinite(row, in: inner)) }
  }

  private func wrongType<Element: FeatureElement>(_ type: Element.Type, _ expected: String) -> CollapseError {
    CollapseError(
      .elementType, "type", expected: "\(expected), which is \(featureType.rawValue)",
      found: Element.featureType.rawValue,
      advice: "look at featureType first; features(as: Double.self) is always exact")
  }
}
