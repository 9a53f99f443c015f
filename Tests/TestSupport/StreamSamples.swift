import Formats
import Foundation
import Samples

/// Labelled rows, and the streams that hold them.
package struct StreamSamples {
  package var labels: [Int32]
  package var predictions: [Int32]?
  /// [rows × dimension] in storage type, little-endian.
  package var features: [UInt8]
  package let dimension: Int
  package let scalar: ScalarType

  package var rows: Int { labels.count }
  package var rowBytes: Int { dimension * scalar.byteCount }

  /// Random finite features and labels of a few hundred classes.
  package init(rows: Int, dimension: Int, scalar: ScalarType, predictions hasPredictions: Bool = false, seed: Int = 1) {
    var random = SeededGenerator(seed)
    self.dimension = dimension
    self.scalar = scalar
    labels = (0..<rows).map { _ in Int32.random(in: 0..<300, using: &random) }
    predictions = hasPredictions ? labels.map { $0 ^ 1 } : nil
    // Every byte is below 0x40, which keeps each type's exponent away from NaN and infinity. A tile of 4 093 bytes, a
    // prime, repeats at a different place in each row.
    let tile = (0..<4_093).map { _ in UInt8.random(in: 0..<0x40, using: &random) }
    features = []
    let count = rows * dimension * scalar.byteCount
    features.reserveCapacity(count + tile.count)
    while features.count < count { features += tile }
    features.removeLast(features.count - count)
  }

  /// Rows of doubles, labelled.
  package init(labels: [Int32], rows: [[Double]]) {
    self.labels = labels
    features = NPY.bytes(of: rows.flatMap { $0 })
    dimension = rows.first?.count ?? 1
    scalar = .float64
  }

  package static let descriptors: [ScalarType: String] = [
    .float16: "<f2", .bfloat16: "<V2", .float32: "<f4", .float64: "<f8",
  ]

  /// The arrays of one batch: labels, perhaps predictions, features.
  package func arrays(_ range: Range<Int>) -> [[UInt8]] {
    let features = NPY.array(
      Self.descriptors[scalar] ?? "", [range.count, dimension],
      Array(self.features[range.lowerBound * rowBytes..<range.upperBound * rowBytes]))
    return [NPY.integers(Array(labels[range]))] + (predictions.map { [NPY.integers(Array($0[range]))] } ?? [])
      + [features]
  }

  /// The bytes of a stream, in batches of the given sizes; the rest is one more batch.
  package func stream(batches sizes: [Int] = []) -> [UInt8] {
    batchRanges(sizes).flatMap { arrays($0) }.reduce(into: []) { $0 += $1 }
  }

  package func batchRanges(_ sizes: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for size in sizes {
      ranges.append(start..<start + size)
      start += size
    }
    return start < rows || ranges.isEmpty ? ranges + [start..<rows] : ranges
  }

  /// The blocks that a reader must make of these samples.
  package var blocks: [BlockContent] {
    let capacity = Block.capacity(dimension: dimension, scalar: scalar)
    return stride(from: 0, to: rows, by: capacity).map { start in
      let range = start..<min(start + capacity, rows)
      return BlockContent(
        firstRow: start, labels: Array(labels[range]), predictions: predictions.map { Array($0[range]) },
        features: Data(features[range.lowerBound * rowBytes..<range.upperBound * rowBytes]), dimension: dimension,
        scalar: scalar)
    }
  }
}

/// A copy of a block's contents.
package struct BlockContent: Equatable {
  package let firstRow: Int
  package let labels: [Int32]
  package let predictions: [Int32]?
  package let features: Data
  package let dimension: Int
  package let scalar: ScalarType

  package init(
    firstRow: Int, labels: [Int32], predictions: [Int32]?, features: Data, dimension: Int, scalar: ScalarType
  ) {
    (self.firstRow, self.labels, self.predictions) = (firstRow, labels, predictions)
    (self.features, self.dimension, self.scalar) = (features, dimension, scalar)
  }

  package init(_ block: Block) {
    self = withExtendedLifetime(block) {
      Self(
        firstRow: block.firstRow, labels: Array(block.labels), predictions: block.predictions.map(Array.init),
        features: Data(block.featureBytes), dimension: block.dimension, scalar: block.scalar)
    }
  }

  /// Features as doubles, [rows][dimension].
  package var values: [[Double]] {
    let all = [Double](unsafeUninitializedCapacity: labels.count * dimension) { out, count in
      features.withUnsafeBytes { scalar.widen($0.baseAddress!, count: out.count, into: out.baseAddress!) }
      count = out.count
    }
    return labels.indices.map { Array(all[$0 * dimension..<($0 + 1) * dimension]) }
  }
}

/// All blocks that a reader makes of `inputs`.
package func readAll(
  _ inputs: String..., options: ReadOptions = ReadOptions()
) throws -> (blocks: [BlockContent], summary: StreamSummary) {
  try readAll(inputs, options: options)
}

package func readAll(
  _ inputs: [String], options: ReadOptions = ReadOptions()
) throws -> (blocks: [BlockContent], summary: StreamSummary) {
  let reader = EmbeddingReader(inputs: inputs, options: options)
  var blocks: [BlockContent] = []
  while let block = try reader.next() { blocks.append(BlockContent(block)) }
  return (blocks, reader.finish())
}
