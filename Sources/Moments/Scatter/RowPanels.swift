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
  mutating func fill<Scalar: ScatterScalar>(_ source: PooledScatter.Rows<Scalar>, workers: Workers) {
    reserve(source.count)
    let pack = Scalar.packing(as: precision)
    // Each piece reads and writes rows of its own.
    nonisolated(unsafe) let (source, target) = (UnsafeRawPointer(source.start), start)
    let (dimension, rows) = (dimension, rows)
    workers.run((rows + Self.rowsPerPiece - 1) / Self.rowsPerPiece) { piece in
      let first = piece * Self.rowsPerPiece
      pack(source, dimension, rows, first, min(first + Self.rowsPerPiece, rows), target)
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

/// Scalars of rows that a scatter takes.
protocol ScatterScalar: BitwiseCopyable {
  static func packing(as precision: PooledScatter.Precision) -> PackKernel
}

typealias PackKernel =
  @convention(c) @Sendable (UnsafeRawPointer?, Int, Int, Int, Int, UnsafeMutableRawPointer?) -> Void

extension Double: ScatterScalar {
  static func packing(as precision: PooledScatter.Precision) -> PackKernel {
    switch precision {
    case .double: collapse_pack_f64_f64
    case .single: collapse_pack_f64_f32
    }
  }
}

extension Float: ScatterScalar {
  static func packing(as precision: PooledScatter.Precision) -> PackKernel {
    switch precision {
    case .double: collapse_pack_f32_f64
    case .single: collapse_pack_f32_f32
    }
  }
}
