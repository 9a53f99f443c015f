import Formats
import Samples
import Storage

/// Samples to put into windows: a batch in memory, or a block from a file.
protocol SampleRows {
  var rows: Int { get }
  var dimension: Int { get }
  var scalar: ScalarType { get }

  /// Appends rows to a window.
  ///
  /// - Parameter lending: whether the window may refer to the features in place. It is then used before they go away.
  func append(_ rows: Range<Int>, to window: borrowing BlockBuilder, lending: Bool)
}

/// Gathers samples into the same windows that reading them from a file makes. The window is part of the algorithm, so
/// results have the same bytes for any batches.
///
/// Features that fill a window at once are not copied. Others are copied once.
final class SampleWindows {
  private let nonfinite: NonfiniteRows
  private let pool = BlockPool()
  private var window: BlockBuilder?
  /// Rows so far, including skipped ones.
  private(set) var rows = 0
  /// Rows skipped for a NaN or infinite feature.
  private(set) var skipped = 0
  /// Why no more samples are accepted; nil while they are.
  private var closed: CollapseError?

  init(_ nonfinite: NonfiniteRows) { self.nonfinite = nonfinite }

  /// Throws if no more samples are accepted.
  func checkOpen() throws(CollapseError) {
    if let closed { throw closed }
  }

  /// Calls `body`, which takes samples. If it throws, no more are accepted.
  func taking(_ body: () throws -> Void) throws(CollapseError) {
    do {
      try CollapseError.wrapping(body)
    } catch {
      closed = error
      throw error
    }
  }

  /// Passes the last, incomplete window to `take`. No more samples are accepted.
  ///
  /// - Parameter what: what was closed, for the error message.
  func close(_ what: String, _ take: (Block) throws -> Void) throws(CollapseError) {
    try checkOpen()
    try taking {
      if let last = window.take() { try end(last, take) }
    }
    closed = CollapseError(
      .finished, expected: "\(what) that has not finished", found: "a finished one", advice: "create a new one")
  }

  /// Takes a block from a file: unchanged if it is a window, otherwise row by row.
  func append(_ block: SampleBlock, _ take: (Block, SampleBlock.Tallies?) throws -> Void) throws {
    rows += block.skippedBefore
    skipped += block.skippedBefore
    guard block.isWindow, window == nil else {
      try block.checkFinite()
      return try append(BlockRows(block: block.inner)) { try take($0, nil) }
    }
    rows += block.count
    try take(block.inner, block.tallies)
  }

  /// Appends samples and passes completed windows to `take`. As in a file, a new feature type starts a new window.
  func append(_ samples: some SampleRows, _ take: (Block) throws -> Void) throws {
    if let last = window.take() {
      if last.scalar == samples.scalar { window = consume last } else { try end(last, take) }
    }
    var row = 0
    while row < samples.rows {
      let window =
        try window.take()
        ?? BlockBuilder(dimension: samples.dimension, scalar: samples.scalar, firstRow: rows, pool: pool)
      let range = row..<min(row + window.room, samples.rows)
      samples.append(range, to: window, lending: range.count == window.room)
      row = range.upperBound
      rows += range.count
      if window.room == 0 { try end(window, take) } else { self.window = consume window }
    }
  }

  private func end(_ window: consuming BlockBuilder, _ take: (Block) throws -> Void) throws {
    if nonfinite == .skip { skipped += window.dropNonfiniteRows() }
    let block = window.finish()
    if block.rows > 0 { try take(block) }
  }
}

/// A batch in the caller's memory, already checked.
struct BatchRows: SampleRows {
  let labels: [Int32]
  let predictions: [Int32]?
  /// [n × d], valid during the caller's call.
  let features: UnsafeRawPointer
  let dimension: Int
  let scalar: ScalarType
  /// Rows in all earlier calls.
  let firstRow: Int

  var rows: Int { labels.count }

  func append(_ rows: Range<Int>, to window: borrowing BlockBuilder, lending: Bool) {
    let target = window.next(rows.count)
    _ = target.labels.update(fromContentsOf: labels[rows])
    if let predictions {
      _ = target.predictions.update(fromContentsOf: predictions[rows])
      window.carryPredictions()
    } else {
      target.predictions.update(repeating: Block.noPrediction)
    }
    let start = features + rows.lowerBound * window.rowBytes
    if lending {
      window.lend(0..<rows.count, at: start, from: 0)
    } else {
      window.keep(0..<rows.count).copyMemory(
        from: UnsafeRawBufferPointer(start: start, count: rows.count * window.rowBytes))
    }
    window.commit(rows.count, source: "features", firstRow: firstRow + rows.lowerBound)
  }
}

/// A block from a file.
struct BlockRows: SampleRows {
  let block: Block

  var rows: Int { block.rows }
  var dimension: Int { block.dimension }
  var scalar: ScalarType { block.scalar }

  func append(_ rows: Range<Int>, to window: borrowing BlockBuilder, lending: Bool) {
    let target = window.next(rows.count)
    _ = target.labels.update(fromContentsOf: block.labels[rows])
    if let predictions = block.predictions {
      _ = target.predictions.update(fromContentsOf: predictions[rows])
      window.carryPredictions()
    } else {
      target.predictions.update(repeating: Block.noPrediction)
    }
    let kept = lending ? nil : window.keep(0..<rows.count).baseAddress
    block.forEachRun(from: rows.lowerBound) { run, first in
      let run = UnsafeRawBufferPointer(rebasing: run.prefix((rows.upperBound - first) * block.rowBytes))
      guard let start = run.baseAddress else { return false }
      let place = first - rows.lowerBound
      if let kept {
        (kept + place * block.rowBytes).copyMemory(from: start, byteCount: run.count)
      } else {
        window.lend(place..<place + run.count / block.rowBytes, at: start, from: block)
      }
      return first + run.count / block.rowBytes < rows.upperBound
    }
    commit(rows, to: window)
  }

  /// Commits rows with their files and row numbers.
  private func commit(_ rows: Range<Int>, to window: borrowing BlockBuilder) {
    let bounds = block.origins.map(\.offset).filter { rows.contains($0) && $0 > rows.lowerBound }
    for (first, end) in zip([rows.lowerBound] + bounds, bounds + [rows.upperBound]) {
      let origin = block.origin(ofRow: first)
      window.commit(end - first, source: origin.source, firstRow: origin.row)
    }
  }
}
