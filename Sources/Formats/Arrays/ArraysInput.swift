import Storage

/// A file that names its arrays, opened to be a stream.
protocol ArraysFile: AnyObject {
  /// As the user named it.
  var name: String { get }
  /// What it is, in words.
  var container: String { get }
  /// Bytes of it and its shards.
  var size: Int { get }
  var integrities: [FileIntegrity] { get }
  /// Which of its arrays belong together, in the order of the stream.
  var pairs: [ArrayPairing.Pair] { get }
  /// All of its arrays.
  var pairing: ArrayPairing { get }
  /// What the user should know of how it is read.
  var notes: [String] { get }
  /// Bytes of memory that the arrays opened so far take beside what is read ahead of all inputs.
  var keptBytes: Int { get }

  /// Opens an array, and reads none of its elements.
  func array(_ index: Int) throws -> any StoredArray
}

extension ArraysFile {
  var keptBytes: Int { 0 }
}

/// Pairs of labels and features of a file that names its arrays: each pair is a batch.
///
/// A pair is come back to by its number, so the marks of its batches have that in place of a byte.
final class ArraysInput: StreamInput {
  private let file: any ArraysFile
  private let pool: BufferPool
  /// Number of the pair that comes next.
  private var next: Int
  private var batch: ArraysBatch?
  private var closedBytes = 0

  /// - Parameter first: number of the pair to begin with.
  init(_ file: any ArraysFile, pool: BufferPool, from first: Int) {
    (self.file, self.pool) = (file, pool)
    next = first
  }

  var name: String { file.name }
  var container: String { file.container }
  var integrities: [FileIntegrity] { file.integrities }
  var notes: [String] { file.notes }
  var keptBytes: Int { file.keptBytes }
  var isEmpty: Bool { file.pairs.isEmpty }
  var decodedBytes: Int? { nil }
  var consumedBytes: Int {
    guard next < file.pairs.count || batch != nil else { return file.size }
    return min(closedBytes + (batch?.consumedBytes ?? 0), file.size)
  }

  func nextBatch(firstRow: Int, options: ReadOptions) throws -> (any StreamBatch)? {
    if let batch { closedBytes += batch.storedBytes }
    batch = nil
    guard next < file.pairs.count else { return nil }
    let pair = file.pairs[next]
    let arrays = ArraysBatch.Arrays(
      labels: try file.array(pair.labels), predictions: try pair.predictions.map { try file.array($0) },
      features: try file.array(pair.features), sequence: pair.sequence)
    let opened = try ArraysBatch(
      file: name, arrays: arrays, number: next, firstRow: firstRow, options: options, pool: pool)
    next += 1
    batch = opened
    return opened
  }
}
