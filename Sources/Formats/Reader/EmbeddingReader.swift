import Samples
import Storage

/// Reads embedding streams, one after another as if they were one, as blocks of labelled rows.
///
/// A stream is labels, perhaps predictions, and features, batch by batch: NPY arrays one after another, plain or in
/// Zstandard frames, datasets of HDF5 files, or tensors (``StreamInputs``); or features and tokens apart
/// (``TokenPairing``). Blocks have the sizes of ``Block/capacity(dimension:scalar:)`` whatever the batches, frames and files are,
/// so what is computed from them does not depend on the container. A change of storage type ends a block early, and so
/// does a change from batches with predictions to batches without or back.
///
/// Memory is one block and what a ``Spool`` keeps, whatever the batches' sizes. Reading blocks the calling thread: use it
/// on an executor of its own.
public final class EmbeddingReader {
  private let inputs: [String]
  private let options: ReadOptions
  private let pool = BlockPool()
  private let buffers = BufferPool()
  private var digest = SampleDigest()
  private var opened = 0
  /// The tokens, where one file has those of all inputs.
  private var shared: SharedTokens?
  private var integrities: [FileIntegrity] = []
  private var input: (any StreamInput)?
  private var batch: Batch?
  private var rowsOfSource = 0
  /// d, once the first batch is seen, and where that was.
  private var dimension: (count: Int, source: String)?
  /// Rows of the stream so far, those left out included.
  private var rowsRead = 0
  private var closedBytes = 0
  private var summary = StreamSummary()
  /// Rows still to be passed over before the first that ``ReadOptions/rows`` asks for.
  private var rowsToSkip: Int
  /// The batch to go on in, which is not opened yet.
  private var resumed: StreamPosition.BatchPosition?

  /// - Parameter inputs: files or `-`, in order; see ``InputFiles``.
  public init(inputs: [String], options: ReadOptions) {
    (self.inputs, self.options) = (inputs, options)
    rowsToSkip = options.rows?.lowerBound ?? 0
  }

  /// Goes on behind a position of an earlier reader of the same inputs and options, which seeks there.
  ///
  /// Nil where the sum of the samples cannot be gone on from, since the library that makes it is another release.
  ///
  /// - Precondition: the inputs before and at the position are files, and are as they were.
  public convenience init?(inputs: [String], options: ReadOptions, after position: StreamPosition) {
    self.init(inputs: inputs, options: options)
    guard let digest = SampleDigest(resuming: position.digest) else { return nil }
    self.digest = digest
    opened = position.input
    closedBytes = position.closedBytes
    rowsRead = position.rows
    summary = position.summary
    if let count = position.dimension, let source = position.dimensionSource { dimension = (count, source) }
    resumed = position.batch
    rowsToSkip = 0
  }

  /// Where the last block ended; nil where no block was read, or an input cannot say where it is.
  public var position: StreamPosition? {
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

  /// Reads up to a position of an earlier reader without passing anything on, for inputs in which one cannot seek, or that
  /// may have changed.
  ///
  /// Throws ``StreamError`` where the samples until there are not the same.
  public func readAgain(to position: StreamPosition, progress: (_ rows: Int) throws -> Void) throws {
    while rowsRead < position.rows, try next() != nil { try progress(rowsRead) }
    // Sums, not their states, which depend on the pieces that the samples came in.
    let expected = SampleDigest(resuming: position.digest)?.value
    guard rowsRead == position.rows, digest.value == expected, summary.scalars == position.summary.scalars else {
      throw position.mismatch(after: rowsRead)
    }
  }

  /// Bytes taken from files and pipes so far (compressed, where they are), for progress.
  public var consumedBytes: Int { closedBytes + (input?.consumedBytes ?? 0) }

  /// How far the reading is: bytes taken, or, where some rows are asked for, rows.
  public var progress: Int { options.rows == nil ? consumedBytes : rowsRead }

  /// Bytes at most of what is read and decompressed ahead of the blocks.
  public static let memoryAhead = FrameLimits().ahead + 2 * FrameSplitter.bufferBytes

  /// What the rows look like; nil where there is no batch. Opens the first batch and reads none of its features.
  ///
  /// Throws what ``next()`` would.
  public func shape() throws -> StreamShape? {
    try currentBatch().map {
      StreamShape(dimension: $0.dimension, scalar: $0.scalar, keptBytes: input?.keptBytes ?? 0)
    }
  }

  /// The next block, or nil at the end of the last input.
  ///
  /// Throws ``StreamError`` that names file and position, and `CancellationError` where the task is cancelled while a
  /// pipe keeps it waiting.
  public func next() throws -> Block? {
    while let batch = try currentBatch() {
      let builder = BlockBuilder(dimension: batch.dimension, scalar: batch.scalar, firstRow: rowsRead, pool: pool)
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
    // Whoever makes something of the samples now can use the memory that they came through.
    pool.close()
    buffers.close()
    return nil
  }

  /// What was read; complete once ``next()`` has returned nil.
  public func finish() -> StreamSummary {
    summary.digest = digest.value
    return summary
  }

  /// The samples so far, for whoever counts the same ones; nil if there was no memory for it.
  package var tally: SampleTally.Saved? {
    digest.saved.map { SampleTally.Saved(rows: summary.rows, scalars: summary.scalars, digest: $0) }
  }

  /// Rows left out so far for a NaN or an infinite feature.
  package var skipped: Int { summary.skipped }

  /// Checks, once every block is gone, that nobody changed the files so that rows were read that were not there.
  ///
  /// Throws ``StreamError`` where a file was cut short, or its disk failed, while its rows were in use.
  public func checkIntact() throws {
    for integrity in integrities { try integrity.check() }
  }

  private func fill(_ builder: borrowing BlockBuilder) throws {
    // What is behind the rows that are asked for is not looked at.
    while builder.room > 0, builder.rows < rowsLeft, let batch = try currentBatch() {
      guard batch.scalar == builder.scalar else { return }
      let count = min(builder.room, batch.rows - batch.done, rowsLeft - builder.rows)
      try batch.read(count, into: builder)
      rowsOfSource += count
    }
  }

  /// Rows after ``rowsRead`` that are asked for.
  private var rowsLeft: Int { options.rows.map { $0.count - rowsRead } ?? .max }

  /// Refuses a stream that ends before all rows that are asked for.
  private func checkRows() throws {
    guard let wanted = options.rows, rowsRead < wanted.count else { return }
    let found = rowsRead > 0 ? wanted.lowerBound + rowsRead : wanted.lowerBound - rowsToSkip
    throw StreamError(
      .truncated, file: inputs.first, expected: "rows \(wanted.lowerBound) to \(wanted.upperBound - 1)",
      found: "\(found) rows\(inputs.count > 1 ? " in \(inputs.count) inputs" : "")",
      advice: "ask for rows that are there; the first is 0")
  }

  /// The batch being read, which has rows left unless a position is at the end of those that are asked for; opens the next one,
  /// and the next file, as needed. Nil at the end of the inputs, or of the rows that are asked for.
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
    closedBytes += input.consumedBytes
    summary.sources.append(.init(name: input.name, bytes: input.consumedBytes, rows: rowsOfSource))
    if summary.notes.isEmpty { summary.notes = Array(input.notes.prefix(1)) }
    self.input = nil
  }

  private func currentInput() throws -> (any StreamInput)? {
    if let input { return input }
    guard opened < inputs.count else { return nil }
    if shared == nil, options.pairing?.isShared(among: inputs.count) == true {
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
    if options.nonfinite == .skip || options.leavesFinitenessToConsumers {
      digest.update(block)
    } else if let row = digest.updateChecking(block) {
      throw Self.nonfinite(row, in: block)
    }
  }

  /// The error that a row of a block holds a NaN or an infinite feature.
  public static func nonfinite(_ row: Int, in block: Block) -> StreamError {
    let origin = block.origin(ofRow: row)
    return StreamError(
      .nonfinite, file: origin.source, position: "row \(origin.row)", expected: "finite features",
      found: "a NaN or an infinity", advice: "look at that row; --nonfinite skip leaves such rows out and counts them")
  }

  private func noSamples(_ file: String?) -> StreamError {
    StreamError(
      .empty, file: file, expected: "at least one sample",
      found: rowsRead > 0 ? "NaN or infinity in each of \(rowsRead) rows" : "none",
      advice: "check the program that wrote the stream")
  }
}
