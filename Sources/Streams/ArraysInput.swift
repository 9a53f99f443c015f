import Embeddings

/// Pairs of labels and features of a file that names its arrays: each pair is a batch.
///
/// A pair is come back to by its number, so the marks of its batches have that in place of a byte.
class ArraysInput: StreamInput {
  /// Arrays that belong together.
  struct Arrays {
    let labels: any StoredArray
    let predictions: (any StoredArray)?
    let features: any StoredArray

    var storedBytes: Int {
      let parts = [labels.storedBytes, predictions?.storedBytes ?? 0, features.storedBytes]
      return parts.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }
  }

  let name: String
  let container: String
  let pool: BufferPool
  let integrities: [FileIntegrity]
  private let size: Int
  private let pairs: Int
  private var next: Int
  private var batch: ArraysBatch?
  private var closedBytes = 0

  /// - Parameters:
  ///   - size: bytes of the file.
  ///   - pairs: how many there are; ``arrays(_:)`` opens them.
  ///   - first: number of the pair to begin with.
  init(
    name: String, container: String, size: Int, pairs: Int, integrities: [FileIntegrity], pool: BufferPool, first: Int
  ) {
    self.name = name
    self.container = container
    self.size = size
    self.pairs = pairs
    self.integrities = integrities
    self.pool = pool
    next = first
  }

  var notes: [String] { [] }
  var isEmpty: Bool { pairs == 0 }
  var decodedBytes: Int? { nil }
  var consumedBytes: Int {
    guard next < pairs || batch != nil else { return size }
    return min(closedBytes + (batch?.consumedBytes ?? 0), size)
  }

  /// Opens the arrays of a pair, and reads none of their elements.
  func arrays(_ number: Int) throws -> Arrays { preconditionFailure("a kind of file says what its arrays are") }

  func nextBatch(firstRow: Int, options: ReadOptions) throws -> (any StreamBatch)? {
    if let batch { closedBytes += batch.storedBytes }
    batch = nil
    guard next < pairs else { return nil }
    let opened = try ArraysBatch(
      file: name, arrays: try arrays(next), number: next, firstRow: firstRow, options: options, pool: pool)
    next += 1
    batch = opened
    return opened
  }
}
