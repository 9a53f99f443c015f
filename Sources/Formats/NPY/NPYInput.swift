import Storage

/// NPY arrays one after another, plain or in Zstandard frames.
final class NPYInput: StreamInput {
  private let cursor: ArrayCursor
  private lazy var spools = [Spool(), Spool(), Spool()]

  init(_ cursor: ArrayCursor) { self.cursor = cursor }

  var name: String { cursor.name }
  var consumedBytes: Int { cursor.consumedBytes }
  var decodedBytes: Int? { cursor.offset }
  var container: String { cursor.isPlainFile ? "NPY" : "NPY in Zstandard" }
  var isEmpty: Bool { cursor.offset == 0 }
  var integrities: [FileIntegrity] { cursor.integrity.map { [$0] } ?? [] }

  func nextBatch(firstRow: Int, options: ReadOptions) throws -> (any StreamBatch)? {
    try Batch(cursor, firstRow: firstRow, options: options, spools: spools)
  }
}
