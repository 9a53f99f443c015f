/// Buffers that every fold uses again: D of each group, and the residual rows the scatter takes.
struct Workspace: ~Copyable {
  private let dimension: Int
  /// [groups × d].
  private(set) var sums: UnsafeMutablePointer<Double>
  /// [rows × d].
  private(set) var residuals: UnsafeMutablePointer<Double>
  private var groups = 0
  private var rows = 0

  init(dimension: Int) {
    self.dimension = dimension
    sums = .allocate(capacity: 0)
    residuals = .allocate(capacity: 0)
  }

  deinit {
    sums.deallocate()
    residuals.deallocate()
  }

  /// Makes room; what the buffers held is gone.
  mutating func reserve(groups: Int, rows: Int) {
    if groups > self.groups {
      sums.deallocate()
      sums = .allocate(capacity: groups * dimension)
      self.groups = groups
    }
    if rows > self.rows {
      residuals.deallocate()
      residuals = .allocate(capacity: rows * dimension)
      self.rows = rows
    }
  }
}
