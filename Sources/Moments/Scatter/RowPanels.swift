import CollapseKernels
import Support

/// Rows in the layout that the scatter's kernels read: panels of 64 bytes' worth of columns, each stored row by row.
/// The last panel is padded with zeros.
///
/// Rows are packed once for all tiles of an update. A BLAS would pack its share again in every call.
struct RowPanels: ~Copyable {
  private let dimension: Int
  private let precision: PooledScatter.Precision
  private(set) var start: UnsafeMutableRawPointer
  private(set) var rows = 0
  private var capacity = 0
  private static let rowsPerPiece = 128

  init(dimension: Int, precision: PooledScatter.Precision) {
    (self.dimension, self.precision) = (dimension, precision)
    start = .allocate(byteCount: 0, alignment: Self.bytes)
  }

  deinit { start.deallocate() }

  /// Bytes in a row of a panel: a cache line, and the widest register.
  static let bytes = 64

  /// Replaces the contents by `source`, rounded to the precision of the panels.
  mutating func fill(_ source: PooledScatter.Rows, workers: WorkerThreads) {
    reserve(source.count)
    // Each piece reads and writes its own rows.
    nonisolated(unsafe) let (source, target) = (source.start, start)
    let (dimension, rows, precision) = (dimension, rows, precision)
    workers.run((rows + Self.rowsPerPiece - 1) / Self.rowsPerPiece) { piece in
      let (first, end) = (piece * Self.rowsPerPiece, min((piece + 1) * Self.rowsPerPiece, rows))
      switch precision {
      case .double: collapse_pack_f64_f64(source, dimension, rows, first, end, target)
      case .single: collapse_pack_f64_f32(source, dimension, rows, first, end, target)
      }
    }
  }

  private mutating func reserve(_ rows: Int) {
    self.rows = rows
    guard rows > capacity else { return }
    start.deallocate()
    let panels = (dimension + precision.columnsPerPanel - 1) / precision.columnsPerPanel
    start = .allocate(byteCount: panels * rows * Self.bytes, alignment: Self.bytes)
    capacity = rows
  }
}
