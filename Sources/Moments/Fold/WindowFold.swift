import CollapseKernels
import Samples
import Support
import Synchronization

/// Folds windows of labelled rows into their classes. Rows are grouped by class, and each group visits its mean once.
///
/// With the scatter, k rows of a class of n samples contribute Σ(h − μ)(h − μ)ᵀ − DDᵀ/(n + k), where D = Σ(h − μ). This
/// equals Σ(r − αD)(r − αD)ᵀ with residuals r = h − μ and α = (1 − √(n/(n + k)))/k: a rank-k update without
/// subtraction.
final class WindowFold {
  private let dimension: Int
  private let workers: WorkerThreads
  private let scatter: PooledScatter?
  private var groups = RowGroups()
  private var units = FoldUnits()
  /// Where the rows of each group start, group after group.
  private var starts: [UnsafeRawPointer] = []
  /// D and Q of each part of a large group.
  private var sums: [Double] = []
  private var squares: [Double] = []
  /// Q of each feature of each part, if diagonals are kept.
  private var featureSquares: [Double] = []
  /// [rows × d], with as many rows as the scatter takes at a time.
  private var residuals: UnsafeMutablePointer<Double>?
  private let residualRows: Int
  /// The owner of `residuals`, if that is another fold.
  private let owner: WindowFold?
  private let finiteness = Finiteness()

  /// - Parameter other: a fold of the same dimension whose residuals' memory it uses too. They take turns.
  init(dimension: Int, scatter: PooledScatter?, workers: WorkerThreads, sharing other: WindowFold? = nil) {
    (self.dimension, self.scatter, self.workers, owner) = (dimension, scatter, workers, other)
    residualRows = scatter == nil ? 0 : Self.residualRows(dimension: dimension)
    residuals = scatter == nil ? nil : other?.residuals ?? .allocate(capacity: residualRows * dimension)
  }

  deinit { if owner == nil { residuals?.deallocate() } }

  /// Rows that the scatter takes at a time.
  static func residualRows(dimension: Int) -> Int {
    max(PooledScatter.rowsPerUpdate(dimension: dimension), FoldUnits.largestGroup)
  }

  /// Folds the rows of a block into the classes of `store`.
  ///
  /// Throws errors of the spill, and ``NonfiniteRow`` if a feature is not finite.
  func fold(_ block: Block, into store: ClassStore) throws {
    try store.group(block.labels, in: &groups)
    let rows = block.rowStarts
    if starts.count != groups.rows.count { starts = Array(repeating: rows[0], count: groups.rows.count) }
    starts.withUnsafeMutableBufferPointer { starts in
      for (place, row) in groups.rows.enumerated() { starts[place] = rows[Int(row)] }
    }
    for run in runs(of: store.atOnce) {
      try store.bring(groups.slots[run], workers: workers)
      units.cut(run, groups.starts)
      withPieces(block.scalar, store) { fold(run, $0) }
    }
    // Finite features can also have squares that overflow; only nonfinite ones are an error here.
    if finiteness.isLost.exchange(false, ordering: .relaxed), let row = block.firstNonfiniteRow() {
      throw NonfiniteRow(row: row)
    }
  }

  /// The groups folded together: all of them, or as many as fit in memory. With the scatter, whose bits depend on this,
  /// as many as make one update.
  private func runs(of means: Int) -> [Range<Int>] {
    guard scatter != nil else {
      guard groups.count > means else { return [0..<groups.count] }
      return stride(from: 0, to: groups.count, by: means).map { $0..<min($0 + means, groups.count) }
    }
    var runs: [Range<Int>] = []
    var first = 0
    for group in 0..<groups.count where groups.starts[group + 1] - groups.starts[first] > residualRows {
      if first < group { runs.append(first..<group) }
      first = group
    }
    runs.append(first..<groups.count)
    return runs
  }

  private func withPieces(_ scalar: ScalarType, _ store: ClassStore, _ body: (FoldPieces) -> Void) {
    let parts = units.parts.count
    if squares.count < parts {
      sums = Array(repeating: 0, count: parts * dimension)
      squares = Array(repeating: 0, count: parts)
      featureSquares = Array(repeating: 0, count: store.hasDiagonals ? parts * dimension : 0)
    }
    starts.withUnsafeBufferPointer { starts in
      sums.withUnsafeMutableBufferPointer { sums in
        featureSquares.withUnsafeMutableBufferPointer { featureSquares in
          squares.withUnsafeMutableBufferPointer { squares in
            store.withMoments { classes, counts, m2 in
              body(
                FoldPieces(
                  dimension: dimension, classes: classes, groups: groups, scalar: scalar, starts: starts, sums: sums,
                  featureSquares: featureSquares, squares: squares, finiteness: finiteness, counts: counts, m2: m2))
            }
          }
        }
      }
    }
  }

  private func fold(_ run: Range<Int>, _ pieces: FoldPieces) {
    let (parts, runs, base) = (units.parts, units.runs, groups.starts[run.lowerBound])
    for large in units.large { pieces.start(large.group) }
    // Pieces of work are disjoint: each run has its own classes and residual rows, and each part its own sum. Shared
    // data is only read until all are done.
    nonisolated(unsafe) let shared = (pieces, residuals)
    workers.run(parts.count + runs.count) { piece in
      let (pieces, residuals) = shared
      if piece < parts.count {
        pieces.fold(parts[piece], number: piece)
      } else if let residuals {
        pieces.fold(runs[piece - parts.count], residualsInto: residuals, from: base)
      } else {
        pieces.fold(runs[piece - parts.count])
      }
    }
    for large in units.large { pieces.add(large.parts) }
    update(run, pieces)
    for large in units.large { pieces.step(large.group, first: large.parts.lowerBound) }
  }

  /// Adds the rows of a run to the scatter: all at once or, if a class has too many rows, part by part.
  private func update(_ run: Range<Int>, _ pieces: FoldPieces) {
    guard let scatter, let residuals else { return }
    let rows = groups.starts[run.lowerBound]..<groups.starts[run.upperBound]
    guard rows.count > residualRows else {
      takeResiduals(of: units.parts.indices, pieces, from: rows.lowerBound)
      return scatter.update(
        adding: PooledScatter.Rows(start: UnsafePointer(residuals), count: rows.count), workers: workers)
    }
    let atOnce = residualRows / FoldUnits.largestGroup
    for first in stride(from: 0, to: units.parts.count, by: atOnce) {
      let parts = first..<min(first + atOnce, units.parts.count)
      let (start, end) = (units.parts[first].rows.lowerBound, units.parts[parts.upperBound - 1].rows.upperBound)
      takeResiduals(of: parts, pieces, from: start)
      scatter.update(
        adding: PooledScatter.Rows(start: UnsafePointer(residuals), count: end - start), workers: workers)
    }
  }

  private func takeResiduals(of chosen: Range<Int>, _ pieces: FoldPieces, from base: Int) {
    guard let residuals else { return }
    let parts = units.parts
    let firstParts = units.large.flatMap { large in large.parts.map { _ in large.parts.lowerBound } }
    // Each part writes its own residual rows.
    nonisolated(unsafe) let shared = (pieces, residuals)
    workers.run(chosen.count) { piece in
      let (pieces, residuals) = shared
      let part = chosen.lowerBound + piece
      pieces.residuals(of: parts[part], first: firstParts[part], into: residuals, from: base)
    }
  }
}
