import Samples
import Support

/// The scatters of all joins of a merge. Each is Σ_c δδᵀ·n_a·n_b/n, to which the scatters of both joined parts are
/// added.
///
/// Each is rounded to the precision of a state file before it is added to the next, so writing it to a file loses
/// nothing.
package final class ScatterTree {
  private let dimension: Int
  private let precision: PooledScatter.Precision
  private let workspace: PooledScatter.Workspace
  private let workers: WorkerThreads
  private var joins: [Int: PooledScatter] = [:]
  /// Room for the rows of an update.
  package let deltas: UnsafeMutablePointer<Double>

  package init(dimension: Int, precision: PooledScatter.Precision, classesPerUpdate: Int, workers: WorkerThreads) throws
  {
    (self.dimension, self.precision, self.workers) = (dimension, precision, workers)
    try MappedMemory.check(
      (2 * dimension + classesPerUpdate) * dimension, of: Double.self, for: "a within-class scatter")
    workspace = PooledScatter.Workspace(dimension: dimension, precision: precision)
    deltas = .allocate(capacity: classesPerUpdate * dimension)
  }

  deinit { deltas.deallocate() }

  private func scatter() -> PooledScatter {
    PooledScatter(dimension: dimension, precision: precision, workspace: workspace)
  }

  /// Adds the first `rows` rows of ``deltas`` to the scatter of a join.
  package func update(_ join: Int, rows: Int) {
    guard rows > 0 else { return }
    let scatter = joins[join] ?? scatter()
    joins[join] = scatter
    scatter.update(adding: PooledScatter.Rows(start: UnsafePointer(deltas), count: rows), workers: workers)
  }

  /// The scatter of all states. `read` supplies each state's own scatter, in order.
  package func reduce(
    _ states: Int, reading read: (_ state: Int, _ body: (_ first: Int, Matrix) throws -> Void) throws -> Void
  ) throws -> PooledScatter {
    try reduce(0..<states, into: scatter(of: 0..<states), reading: read)
  }

  /// The scatter of the topmost join of some states; zero for a single state.
  private func scatter(of states: Range<Int>) -> PooledScatter {
    guard states.count > 1 else { return scatter() }
    return joins.removeValue(forKey: states.lowerBound + MergeTree.split(states.count)) ?? scatter()
  }

  private func reduce(
    _ states: Range<Int>, into sum: PooledScatter,
    reading read: (_ state: Int, _ body: (_ first: Int, Matrix) throws -> Void) throws -> Void
  ) throws -> PooledScatter {
    guard states.count > 1 else {
      try read(states.lowerBound) { sum.add(rows: $1, from: $0) }
      return sum
    }
    let middle = states.lowerBound + MergeTree.split(states.count)
    for half in [states.lowerBound..<middle, middle..<states.upperBound] {
      if half.count == 1 {
        _ = try reduce(half, into: sum, reading: read)
      } else {
        try sum.add(reduce(half, into: scatter(of: half), reading: read))
      }
    }
    return sum
  }
}
