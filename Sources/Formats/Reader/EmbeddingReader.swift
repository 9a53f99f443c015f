import Samples
import Storage
import Support

/// Reads embedding streams, one after another as if they were one, as blocks of labelled rows.
///
/// A stream is a series of batches: labels, optional predictions, and features. They are NPY arrays one after another,
/// plain or in Zstandard frames, HDF5 datasets, or tensors (``StreamInputs``). Or features and tokens are separate
/// (``TokenAlignment``).
///
/// Blocks have the size ``Block/capacity(dimension:scalar:)`` for any batches, frames and files, so results do not
/// depend on the container. A block ends early when the storage type changes, or when predictions start or stop.
///
/// Memory holds one block and what a ``SpillBuffer`` keeps, for batches of any size. Reading blocks the calling thread: use a
/// dedicated executor.
package final class EmbeddingReader {
  private let inputs: [String]
  private let options: ReadOptions
  private let pool = BlockPool()
  private let buffers = BufferPool()
  private var digest = SampleDigest()
  /// Of the predictions since the start, or since the row where this reader resumed.
  private let predictions: (checksum: Checksum, firstRow: Int)
  private var hasEnded = false
  private var opened = 0
  /// The tokens, if all inputs share one file of tokens.
  private var shared: SharedTokens?
  private var integrities: [FileIntegrity] = []
  private var input: (any StreamInput)?
  private var batch: Batch?
  private var rowsOfSource = 0
  /// d, once the first batch is known, and the input it came from.
  private var dimension: (count: Int, source: String)?
  /// Rows of the stream so far, including rows left out.
  private var rowsRead = 0
  private var closedBytes = 0
  private var summary = StreamSummary()
  private var chosen = StreamChoices()
  private var choices: [String] = []
  /// Rows still to skip before the first row of ``ReadOptions/rows``.
  private var rowsToSkip: Int
  /// The batch to resume in, not opened yet.
  private var resumed: StreamPosition.BatchPosition?

  /// - Parameter inputs: files or `-`, in order; see ``InputFiles``.
  package convenience init(inputs: [String], options: ReadOptions) {
    self.init(inputs, options, predictionsFrom: 0)
  }

  private init(_ inputs: [String], _ options: ReadOptions, predictionsFrom row: Int) {
    (self.inputs, self.options) = (inputs, options)
    predictions = (Checksum(), row)
    rowsToSkip = options.rows?.lowerBound ?? 0
  }

  /// Resumes after a position of an earlier reader with the same inputs and options, by seeking there.
  ///
  /// Nil if the checksum of the samples cannot be continued, because another release of its library saved it, or
  /// if there are fewer inputs.
  ///
  /// - Precondition: the inputs up to the position are files and have not changed.
  package convenience init?(inputs: [String], options: ReadOptions, after position: StreamPosition) {
    self.init(inputs, options, predictionsFrom: position.rows)
    guard position.inputsUsed <= inputs.count, let digest = SampleDigest(resuming: position.digest) else { return nil }
    self.digest = digest
    opened = position.input
    closedBytes = position.closedBytes
    rowsRead = position.rows
    summary = position.summary
    if let count = position.dimension, let source = position.dimensionSource { dimension = (count, source) }
    resumed = position.batch
    rowsToSkip = 0
  }

  /// Where the last block ended; nil if no block was read, or if an input cannot be resumed.
  package var position: StreamPosition? {
    guard rowsRead > 0, let digest = digest.saved else { return nil }
    var place: StreamPosition.BatchPosition?
    if let batch {
      guard let mark = batch.start.mark else { return nil }
      place = .init(mark: mark, offset: batch.start.offset, firstRow: batch.firstRow, done: batch.done)
    }
    return StreamPosition(
      rows: rowsRead, input: batch == nil ? opened : opened - 1, closedBytes: closedBytes, batch: place,
      dimension: dimension?.count, dimensionSource: dimension?.source, summary: summary, digest: digest)
  }

  /// Reads up to a position of an earlier reader and passes nothing on. For inputs that cannot seek or may have
  /// changed.
  ///
  /// Throws ``StreamError`` if the samples up to there differ.
  package func readAgain(to position: StreamPosition, progress: (_ rows: Int) throws -> Void) throws {
    while rowsRead < position.rows, try next() != nil { try progress(rowsRead) }
    // Compare the checksums, not their states, which depend on how the samples were split into pieces.
    let expected = SampleDigest(resuming: position.digest)?.value
    guard rowsRead == position.rows, digest.value == expected, summary.scalars == position.summary.scalars else {
      throw position.mismatch(after: rowsRead)
    }
  }

  /// Bytes read from files and pipes so far, before decompression, for progress.
  package var consumedBytes: Int { .saturatingSum([closedBytes, input?.consumedBytes ?? 0]) }

  /// Progress of reading: bytes read or, if ``ReadOptions/rows`` is set, rows.
  package var progress: Int { options.rows == nil ? consumedBytes : rowsRead }

  /// Maximum number of bytes read and decompressed ahead of the blocks.
  package static let memoryAhead = FrameLimits().ahead + 2 * FrameSplitter.bufferBytes

  /// The shape of the rows; nil if there is no batch. Opens the first batch without reading its features.
  ///
  /// Throws what ``next()`` would throw.
  package func shape() throws -> StreamShape? {
    guard let batch = try currentBatch() else { return nil }
    var shape = StreamShape(dimension: batch.dimension, scalar: batch.scalar, keptBytes: input?.keptBytes ?? 0)
    shape.windowBytes = windowBytes
    return shape
  }

  /// See ``StreamShape/windowBytes``. Looks at the start of every file.
  package var windowBytes: Int {
    max(WindowLimit.extra(of: inputs), input?.windowBytes ?? 0) + WindowLimit.extra(of: options.alignment?.files ?? [])
  }

  /// The next block, or nil at the end of the last input.
  ///
  /// Throws ``StreamError`` that names file and position, and `CancellationError` if the task is cancelled while it
  /// waits for a pipe.
  package func next() throws -> Block? {
    while let batch = try currentBatch() {
      let builder = try BlockBuilder(dimension: batch.dimension, scalar: batch.scalar, firstRow: rowsRead, pool: pool)
      try fill(builder)
      rowsRead += builder.rows
      if options.nonfinite == .skip { summary.skipped += builder.dropNonfiniteRows() }
      let block = builder.finish()
      if block.rows > 0 {
        try take(block)
        return block
      }
    }
    try checkRows()
    if summary.rows == 0 { throw noSamples(inputs.first) }
    hasEnded = true
    // Free the memory that the samples came through for whatever uses the samples next.
    pool.close()
    buffers.close()
    return nil
  }

  /// What was chosen to read the inputs opened since the last call, in words. Each choice comes once.
  package func newChoices() -> [String] {
    defer { choices = [] }
    return choices
  }

  /// A summary of what was read; complete once ``next()`` has returned nil.
  package func finish() -> StreamSummary {
    (summary.digest, summary.labelsDigest) = (digest.value, digest.labelsValue)
    return summary
  }

  /// The samples so far, for a counter of the same samples; nil if there was no memory for it.
  package var passed: PassedSamples.Saved? {
    digest.saved.map { PassedSamples.Saved(rows: summary.rows, scalars: summary.scalars, digest: $0) }
  }

  /// Rows skipped so far for a NaN or infinite feature.
  package var skipped: Int { summary.skipped }

  /// Checks, once every block is gone, that no file changed while its rows were in use. Reads the inputs again if only
  /// that can tell, and the stream has ended.
  ///
  /// Throws ``StreamError`` if a file changed or was cut short, or its disk failed during that time.
  package func checkIntact() throws {
    var isSame: Bool?
    for integrity in integrities {
      try integrity.check {
        let same = try isSame ?? (!hasEnded || holdsSameSamples())
        isSame = same
        return same
      }
    }
  }

  /// Whether the inputs, read again, hold the samples and predictions that were passed on.
  private func holdsSameSamples() throws -> Bool {
    guard !(inputs + (options.alignment?.files ?? [])).contains(where: FileBytes.isOnce) else { return false }
    let again = EmbeddingReader(inputs, options, predictionsFrom: predictions.firstRow)
    do {
      while try again.next() != nil { try Task.checkCancellation() }
    } catch is StreamError {
      return false
    }
    return again.finish().samples == finish().samples
      && again.predictions.checksum.value == predictions.checksum.value
  }

  private func fill(_ builder: borrowing BlockBuilder) throws {
    // Data after the requested rows is not looked at.
    while builder.room > 0, builder.rows < rowsLeft, let batch = try currentBatch() {
      guard batch.scalar == builder.scalar else { return }
      let count = min(builder.room, batch.rows - batch.done, rowsLeft - builder.rows)
      try batch.read(count, into: builder)
      rowsOfSource += count
    }
  }

  /// Requested rows after ``rowsRead``.
  private var rowsLeft: Int { options.rows.map { max($0.count - rowsRead, 0) } ?? .max }

  /// Rejects a stream that ends before the requested rows do.
  private func checkRows() throws {
    guard let wanted = options.rows, rowsRead < wanted.count else { return }
    let found = rowsRead > 0 ? wanted.lowerBound + rowsRead : wanted.lowerBound - rowsToSkip
    throw StreamError(
      .truncated, file: inputs.first, expected: "rows \(wanted.lowerBound) to \(wanted.upperBound - 1)",
      found: "\(found) rows\(inputs.count > 1 ? " in \(inputs.count) inputs" : "")",
      advice: "ask for rows that exist; the first is row 0")
  }

  /// The batch being read. Opens the next batch and the next file as needed, so it has rows left unless the requested
  /// rows end. Nil at the end of the inputs or of the requested rows.
  private func currentBatch() throws -> Batch? {
    if rowsLeft == 0, resumed == nil {
      closeInput()
      return nil
    }
    while true {
      if let batch, batch.done < batch.rows || rowsLeft == 0 { return batch }
      batch = nil
      guard let input = try currentInput() else { return nil }
      if let next = try input.nextBatch(firstRow: rowsOfSource, options: options) {
        try checkDimension(next, input)
        choices += chosen.new(input.choice)
        if let done = resumed?.done, done > 0 {
          try next.skipFirst(done)
          rowsOfSource += done
        } else if rowsToSkip > 0 {
          let skipped = min(rowsToSkip, next.rows)
          try next.skipFirst(skipped)
          rowsOfSource += skipped
          rowsToSkip -= skipped
          try Task.checkCancellation()
        }
        resumed = nil
        batch = next
      } else {
        if input.isEmpty { throw noSamples(input.name) }
        closeInput()
      }
    }
  }

  private func closeInput() {
    guard let input else { return }
    batch = nil
    closedBytes = .saturatingSum([closedBytes, input.consumedBytes])
    summary.sources.append(.init(name: input.name, bytes: input.consumedBytes, rows: rowsOfSource))
    if summary.notes.isEmpty { summary.notes = input.notes }
    self.input = nil
  }

  private func currentInput() throws -> (any StreamInput)? {
    if let input { return input }
    guard opened < inputs.count else { return nil }
    if shared == nil, options.alignment?.isShared(among: inputs.count) == true {
      shared = try SharedTokens(inputs, options: options)
    }
    let next = try StreamInputs.open(
      inputs[opened], number: opened, options: options, pool: buffers, shared: shared,
      at: resumed.map { ($0.mark, $0.offset) })
    opened += 1
    integrities += next.integrities
    rowsOfSource = resumed?.firstRow ?? 0
    input = next
    return next
  }

  private func checkDimension(_ batch: Batch, _ input: any StreamInput) throws {
    try BatchLayout(file: input.name).checkDimension(batch.dimension, row: rowsOfSource, first: dimension)
    dimension = dimension ?? (batch.dimension, input.name)
  }

  private func take(_ block: Block) throws {
    summary.note(block)
    if let some = block.predictions, block.firstRow >= predictions.firstRow {
      predictions.checksum.update(UnsafeRawBufferPointer(some))
    }
    if options.nonfinite == .skip || options.leavesFinitenessToConsumers {
      digest.update(block)
    } else if let row = digest.updateChecking(block) {
      throw Self.nonfinite(row, in: block)
    }
  }

  /// The error for a block's row that holds a NaN or an infinite feature.
  package static func nonfinite(_ row: Int, in block: Block) -> StreamError {
    let origin = block.origin(ofRow: row)
    return StreamError(
      .nonfinite, file: origin.source, position: "row \(origin.row)", expected: "finite features",
      found: "a NaN or an infinity",
      advice: "inspect that row, or give --nonfinite skip to leave out and count such rows")
  }

  private func noSamples(_ file: String?) -> StreamError {
    StreamError(
      .empty, file: file, expected: "at least one sample",
      found: rowsRead > 0 ? "NaN or infinity in each of \(rowsRead) rows" : "none",
      advice: "check the program that wrote the stream")
  }
}
