import Storage

/// The contents of an embedding stream, from its headers, labels and predictions alone.
///
/// Features of a plain file are skipped without being read; those of a compressed file or a pipe must be read. Memory
/// grows with the token classes seen, not with the stream.
package struct StreamOverview: Sendable {
  package private(set) var rows = 0
  package private(set) var batches = 0
  /// Rows of the smallest and the largest batch.
  package private(set) var batchRows = (smallest: Int.max, largest: 0)
  package private(set) var dimension = 0
  package private(set) var labelTypes: [String] = []
  package private(set) var featureTypes: [String] = []
  /// Batches that carry predictions.
  package private(set) var batchesWithPredictions = 0
  /// Bytes of the file or pipe.
  package private(set) var bytes = 0
  /// Bytes of the arrays, decompressed.
  package private(set) var decodedBytes: Int?
  /// What kind of file holds the arrays: `NPY`, `NPY in Zstandard`, `HDF5`.
  package let container: String
  /// What was chosen to read it, in words: once for all batches alike.
  package private(set) var choices: [String] = []
  private var tokens: Set<Int32> = []
  private var memory = MemoryBudget.Growing(bytes: 32)

  /// Reads through a stream; `progress` receives the bytes read so far, after each batch.
  ///
  /// Throws ``StreamError`` as reading the stream would, except for invalid features and for a stream without samples.
  package init(_ name: String, options: ReadOptions = ReadOptions(), progress: (Int) throws -> Void = { _ in }) throws {
    try self.init(StreamInputs.open(name, options: options), options: options, progress: progress)
  }

  init(_ input: any StreamInput, options: ReadOptions, progress: (Int) throws -> Void) throws {
    let name = input.name
    container = input.container
    var chosen = StreamChoices()
    while let batch = try input.nextBatch(firstRow: rows, options: options) {
      let first = batches > 0 ? (count: dimension, source: name) : nil
      try BatchLayout(file: name).checkDimension(batch.dimension, row: rows, first: first)
      note(batch)
      choices += chosen.new(input.choice)
      try batch.scanLabels {
        tokens.formUnion($0)
        try memory.check(tokens.count, name)
      }
      try progress(input.consumedBytes)
    }
    bytes = input.consumedBytes
    decodedBytes = input.decodedBytes
  }

  private mutating func note(_ batch: Batch) {
    rows += batch.rows
    batches += 1
    batchRows = (min(batchRows.smallest, batch.rows), max(batchRows.largest, batch.rows))
    dimension = batch.dimension
    if batch.hasPredictions { batchesWithPredictions += 1 }
    if !labelTypes.contains(batch.typeNames.labels) { labelTypes.append(batch.typeNames.labels) }
    if !featureTypes.contains(batch.typeNames.features) { featureTypes.append(batch.typeNames.features) }
  }

  /// Token classes seen.
  package var classes: Int { tokens.count }
  /// The smallest and the largest token id; nil without any.
  package var tokenRange: ClosedRange<Int32>? {
    guard let first = tokens.min(), let last = tokens.max() else { return nil }
    return first...last
  }
}
