import Formats
import Samples
import Storage

/// Samples on their way into windows: a batch in memory, or a block that was read.
protocol SampleRows {
  var rows: Int { get }
  var dimension: Int { get }
  var scalar: ScalarType { get }

  /// Appends some rows to a window.
  ///
  /// - Parameter lending: whether the window may refer to the features where they lie. It is used up before the samples are.
  func append(_ rows: Range<Int>, to window: borrowing BlockBuilder, lending: Bool)
}

/// Gathers samples into the windows that reading a file of them would make: the window is part of the algorithm, so results
/// have the same bytes however the samples come.
///
/// Features are not copied if they fill a window at once; those that wait for more are copied once.
final class SampleWindows {
  private let nonfinite: NonfiniteRows
  private let pool = BlockPool()
  private var window: BlockBuilder?
  /// Rows so far, those left out included.
  private(set) var rows = 0
  /// Rows left out for a NaN or an infinite feature.
  private(set) var skipped = 0
  /// Why no more samples are taken, once that is so.
  private var closed: CollapseError?

  init(_ nonfinite: NonfiniteRows) { self.nonfinite = nonfinite }

  /// Throws if no more samples are taken.
  func checkOpen() throws(CollapseError) {
    if let closed { throw closed }
  }

  /// Calls `body`, which takes samples. If it throws, no more are taken.
  func taking(_ body: () throws -> Void) throws(CollapseError) {
    do {
      try CollapseError.wrapping(body)
    } catch {
      closed = error
      throw error
    }
  }

  /// Gives `take` the samples that still wait for more. No others are taken.
  ///
  /// - Parameter what: the accumulator or decider, in words.
  func close(_ what: String, _ take: (Block) throws -> Void) throws(CollapseError) {
    try checkOpen()
    try taking {
      if let last = window.take() { try end(last, take) }
    }
    closed = CollapseError(
      .finished, expected: "\(what) that has not finished", found: "one that has", advice: "make another")
  }

  /// Takes a block that was read: as it is if it is a window, otherwise by its rows.
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

  /// Appends samples, and gives `take` the windows that they complete. As in a file, another type of features ends a window.
  func append(_ samples: some SampleRows, _ take: (Block) throws -> Void) throws {
    if let last = window.take() {
      if last.scalar == samples.scalar { window = consume last } else { try end(last, take) }
    }
    var row = 0
    while row < samples.rows {
      let window =
        window.take()
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

/// A batch in the caller's memory, checked.
struct BatchRows: SampleRows {
  let labels: [Int32]
  let predictions: [Int32]?
  /// [n × d], valid during the call that it was given to.
  let features: UnsafeRawPointer
  let dimension: Int
  let scalar: ScalarType
  /// Rows that came before, in all calls.
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

/// A block that was read.
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

  /// Says, run by run, where rows come from.
  private func commit(_ rows: Range<Int>, to window: borrowing BlockBuilder) {
    let bounds = block.origins.map(\.offset).filter { rows.contains($0) && $0 > rows.lowerBound }
    for (first, end) in zip([rows.lowerBound] + bounds, bounds + [rows.upperBound]) {
      let origin = block.origin(ofRow: first)
      window.commit(end - first, source: origin.source, firstRow: origin.row)
    }
  }
}
