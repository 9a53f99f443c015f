import Formats
import Samples
import Support

/// A synthetic stream of labelled features: labels follow Zipf's law, features are the mean of their class plus noise.
///
/// The same sizes and seed give the same bytes, in whatever parts they are asked for. Rows come in batches of
/// ``rowsPerBatch``. Each batch is a header and labels, then a header and features.
///
/// A mean and a row's noise are stretches of one supply of roughly normal numbers. The token or the row determines
/// where they start, and each row scales its noise differently. So no two rows are alike, and a compressor finds what
/// it finds in real features: skewed exponents, and nothing to repeat.
struct SyntheticStream: Sendable {
  let rows: Int
  let dimension: Int
  let scalar: ScalarType
  let labels: ZipfLabels
  private let seed: UInt64
  /// Roughly normal numbers, enough for a vector from each of the places to start.
  private let supply: [Float]

  private static let places = 1 << 17
  /// The most bytes of a batch, unless one row has more: larger frames are not decoded separately.
  private static let largestBatch = 32 << 20
  /// Random numbers used per row.
  private static let numbersPerRow = 3

  /// - Precondition: all sizes are at least 1.
  init(rows: Int, dimension: Int, vocabulary: Int, scalar: ScalarType, seed: UInt64 = 1) {
    (self.rows, self.dimension, self.scalar) = (rows, dimension, scalar)
    var random = SplitMix64(seed: seed)
    labels = ZipfLabels(vocabulary: vocabulary, seed: random.next())
    self.seed = random.next()
    var numbers = SplitMix64(seed: random.next())
    supply = (0..<Self.places + dimension).map { _ in numbers.normal() }
  }

  var rowBytes: Int { dimension * scalar.byteCount }

  /// Rows of every batch but the last, which may be shorter: 4096, or as many as fit 32 MiB.
  var rowsPerBatch: Int { min(4096, max(Self.largestBatch / rowBytes, 1)) }

  var batches: Int { (rows + rowsPerBatch - 1) / rowsPerBatch }

  /// The rows of a batch, numbered over the stream.
  func rows(ofBatch batch: Int) -> Range<Int> { batch * rowsPerBatch..<min((batch + 1) * rowsPerBatch, rows) }

  /// Bytes of a batch, headers included.
  func bytes(ofBatch batch: Int) -> Int {
    let count = rows(ofBatch: batch).count
    let headers = headers(count)
    return headers.labels.count + count * MemoryLayout<Int32>.size + headers.features.count + count * rowBytes
  }

  /// Bytes of the whole stream.
  var byteCount: Int { (batches - 1) * bytes(ofBatch: 0) + bytes(ofBatch: batches - 1) }

  private func headers(_ count: Int) -> (labels: [UInt8], features: [UInt8]) {
    (NPYWriter.header(labels: count), NPYWriter.header(features: scalar, rows: count, dimension: dimension))
  }

  /// Writes a batch.
  ///
  /// - Precondition: `bytes` has room for ``bytes(ofBatch:)``.
  func write(batch: Int, into bytes: UnsafeMutableRawBufferPointer) {
    let rows = rows(ofBatch: batch)
    let headers = headers(rows.count)
    var place = 0
    func append(_ header: [UInt8]) {
      UnsafeMutableRawBufferPointer(rebasing: bytes[place...]).copyBytes(from: header)
      place += header.count
    }
    append(headers.labels)
    let labels = place
    place += rows.count * MemoryLayout<Int32>.size
    append(headers.features)
    guard let start = bytes.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { numbers in
      for (index, row) in rows.enumerated() {
        let label = fill(numbers, row: row)
        bytes.storeBytes(
          of: label.littleEndian, toByteOffset: labels + index * MemoryLayout<Int32>.size, as: Int32.self)
        guard let numbers = numbers.baseAddress else { return }
        scalar.narrow(numbers, count: dimension, into: start + place + index * rowBytes)
      }
    }
  }

  /// Makes a row's features and returns its label.
  private func fill(_ numbers: UnsafeMutableBufferPointer<Float>, row: Int) -> Int32 {
    var random = SplitMix64(seed: seed, skipping: row * Self.numbersPerRow)
    let label = labels.label(random.unit())
    let noise = random.below(Self.places)
    let scale = 0.75 + 0.5 * Float(random.unit())
    var ofClass = SplitMix64(seed: ~seed, skipping: Int(label))
    let mean = ofClass.below(Self.places)
    supply.withUnsafeBufferPointer { supply in
      for feature in 0..<dimension {
        numbers[feature] = 0.5 * supply[mean + feature] + scale * supply[noise + feature]
      }
    }
    return label
  }
}
