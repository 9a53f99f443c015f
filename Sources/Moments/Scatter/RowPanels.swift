import CollapseKernels
import Support

/// Rows as the kernels of the scatter read them: panels of 64 bytes' worth of columns, a panel's rows one after another, the
/// last panel padded with zeros.
///
/// Rows are laid out once for all the tiles of an update, where a BLAS would lay out its share of them again in every call.
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

  /// Bytes of a panel's row: a cache line, and the widest register.
  static let bytes = 64

  /// Takes the place of what was held, rounded to the precision of the panels.
  mutating func fill(_ source: PooledScatter.Rows, workers: Workers) {
    reserve(source.count)
    // Each piece reads and writes rows of its own.
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
