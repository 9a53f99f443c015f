import CollapseKernels

/// Fills one ``Block``: appends rows, checks them, drops some if asked, and hands the block over.
public struct BlockBuilder: ~Copyable {
  private let block: Block

  /// - Parameter pool: lends the block its memory and gets it back when the block is released.
  ///
  /// Throws `OutOfMemory`.
  public init(dimension: Int, scalar: ScalarType, firstRow: Int, pool: BlockPool = BlockPool()) throws {
    block = try Block(dimension: dimension, scalar: scalar, firstRow: firstRow, pool: pool)
  }

  public var dimension: Int { block.dimension }
  public var scalar: ScalarType { block.scalar }
  public var rows: Int { block.rows }
  public var rowBytes: Int { block.rowBytes }
  /// Rows that still fit.
  public var room: Int { block.capacity - block.rows }

  /// Room for the labels and predictions of the next `count` rows.
  ///
  /// - Precondition: `count` ≤ ``room``.
  public borrowing func next(_ count: Int) -> (
    labels: UnsafeMutableBufferPointer<Int32>, predictions: UnsafeMutableBufferPointer<Int32>
  ) {
    (
      UnsafeMutableBufferPointer(start: block.storage.labels + block.rows, count: count),
      UnsafeMutableBufferPointer(start: block.storage.predictions + block.rows, count: count)
    )
  }

  /// Room in the block's own memory for the features of `rows`, counted from the next one.
  ///
  /// Kept rows are packed from the start of that memory, so keeping a few of them touches little of it.
  ///
  /// - Precondition: each row is kept or lent once.
  public borrowing func keep(_ rows: Range<Int>) -> UnsafeMutableRawBufferPointer {
    let start = block.storage.features + block.ownRows * block.rowBytes
    block.ownRows += rows.count
    for row in rows {
      block.storage.starts[block.rows + row] = UnsafeRawPointer(start) + (row - rows.lowerBound) * rowBytes
    }
    return UnsafeMutableRawBufferPointer(start: start, count: rows.count * rowBytes)
  }

  /// Uses features from someone else's memory for `rows`, counted from the next one. The rows lie one after another
  /// from `start`, and the memory does not change while `owner` lives.
  public borrowing func lend(_ rows: Range<Int>, at start: UnsafeRawPointer, from owner: any Sendable) {
    for row in rows { block.storage.starts[block.rows + row] = start + (row - rows.lowerBound) * block.rowBytes }
    block.owners.append(owner)
  }

  /// Appends `count` rows that were written through ``next(_:)`` and kept or lent. They are rows of `source`, starting
  /// at its row `firstRow`.
  ///
  /// - Parameter sequence: number of the sequence within the source, if the source has sequences; all rows belong to
  ///   it.
  public borrowing func commit(
    _ count: Int, source: String, firstRow: Int, sequence: Int? = nil, sequencesGoOn: Bool = false
  ) {
    guard count > 0 else { return }
    let follows =
      block.origins.last.map {
        $0.source == source && $0.firstRow + block.rows - $0.offset == firstRow && $0.sequence == sequence
      } ?? false
    if !follows {
      block.origins.append(
        RowOrigin(
          source: source, firstRow: firstRow, offset: block.rows, sequence: sequence, sequencesGoOn: sequencesGoOn))
    }
    block.rows += count
  }

  /// Marks the block as having predictions. A row without one has ``Block/noPrediction``.
  public borrowing func carryPredictions() { block.hasPredictions = true }

  /// Drops every row with a NaN or infinite feature and returns how many were dropped.
  public borrowing func dropNonfiniteRows() -> Int {
    guard var row = block.firstNonfiniteRow() else { return 0 }
    var kept = row
    var origins = origins(of: 0..<row, at: 0)
    while row < block.rows {
      let bad = block.firstNonfiniteRow(from: row) ?? block.rows
      origins += self.origins(of: row..<bad, at: kept)
      move(row..<bad, to: kept)
      kept += bad - row
      row = bad + 1
    }
    block.origins = origins
    let dropped = block.rows - kept
    block.rows = kept
    return dropped
  }

  /// The origins of `rows` once they are moved to row `place`.
  private borrowing func origins(of rows: Range<Int>, at place: Int) -> [RowOrigin] {
    guard !rows.isEmpty else { return [] }
    let first = block.origin(ofRow: rows.lowerBound)
    let run = block.originRun(ofRow: rows.lowerBound)
    let later = block.origins.filter { rows.contains($0.offset) && $0.offset > rows.lowerBound }
    return [
      RowOrigin(
        source: first.source, firstRow: first.row, offset: place, sequence: run?.sequence,
        sequencesGoOn: run?.sequencesGoOn ?? false)
    ]
      + later.map {
        RowOrigin(
          source: $0.source, firstRow: $0.firstRow, offset: $0.offset - rows.lowerBound + place, sequence: $0.sequence,
          sequencesGoOn: $0.sequencesGoOn)
      }
  }

  private borrowing func move(_ rows: Range<Int>, to row: Int) {
    guard rows.lowerBound != row, !rows.isEmpty else { return }
    (block.storage.labels + row).update(from: block.storage.labels + rows.lowerBound, count: rows.count)
    (block.storage.predictions + row).update(from: block.storage.predictions + rows.lowerBound, count: rows.count)
    (block.storage.starts + row).update(from: block.storage.starts + rows.lowerBound, count: rows.count)
  }

  /// Returns the block, which never changes from now on.
  public consuming func finish() -> Block { block }
}
