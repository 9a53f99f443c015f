import CollapseKernels
import Samples
import Support

/// Count, mean and second moment of every token class in one pass, and optionally the pooled within-class scatter.
///
/// `fold` adds a block of labelled rows by the blocked Welford step. For a class with state (n, μ, M2) and k rows in
/// the block, with D = Σ(h − μ) and Q = Σ‖h − μ‖²,
///
///     μ′ = μ + D/(n + k),   M2′ = M2 + Q − ‖D‖²/(n + k),   S′ = S + Σ(h − μ)(h − μ)ᵀ − DDᵀ/(n + k).
///
/// and M2 of each feature likewise, if wanted. The first row of a class is its initial mean. Merging states uses the same
/// algebra (``ChanStep``).
///
/// - Float32 and Float64 features can vary slightly about a large offset, where rounding of the mean would show. Their
///   mean is therefore an unevaluated sum of two doubles (centre and low part). The 16-bit types are too coarse to need
///   this.
/// - The same blocks in the same order give the same bits for any number of workers. Each class's rows are folded by
///   one worker, in stream order.
/// - Memory: K·d doubles (twice that for Float32 and Float64 features), K·d more for M2 of each feature, 2d² more for the
///   scatter, and a fixed workspace.
/// - Complexity: O(rows · d), and O(rows · d²) with the scatter.
package final class ClassMoments {
  package let dimension: Int
  package let within: WithinScatter
  package let moments: SecondMoments
  /// Samples folded so far.
  package internal(set) var samples = 0

  let workers: WorkerThreads
  package let scatter: PooledScatter?
  let store: ClassStore
  private let window: WindowFold

  /// - Parameters:
  ///   - limit: how many means may be in memory, at least ``leastResident(dimension:within:)``; nil for all. A limit
  ///     changes no bit of the result.
  ///   - other: moments of the same dimension and scatter whose working memory they use too. They fold in turns.
  package init(
    dimension: Int, within: WithinScatter = .none, moments: SecondMoments = .trace,
    workers: WorkerThreads = WorkerThreads(1), limit: ResidentLimit? = nil, sharing other: ClassMoments? = nil
  ) {
    (self.dimension, self.workers, self.within, self.moments) = (dimension, workers, within, moments)
    scatter = within.precision.map {
      PooledScatter(dimension: dimension, precision: $0, workspace: other?.scatter?.workspace)
    }
    store = ClassStore(dimension: dimension, moments: moments, limit: limit)
    window = WindowFold(dimension: dimension, scatter: scatter, workers: workers, sharing: other?.window)
  }

  /// K, the number of classes seen.
  package var classes: Int { store.classes }
  /// The number of classes with at least two samples.
  package var repeatedClasses: Int { store.counts.count { $0 > 1 } }

  /// Bytes that moments need in addition to the means: buffers for writing means to a file. A scatter adds its sums, a
  /// copy for measuring it, and the rows of an update.
  ///
  /// - Parameter parts: moments that share these buffers. Each has its own scatter.
  package static func workingBytes(
    dimension: Int, within: WithinScatter, moments: SecondMoments = .trace, parts: Int = 1
  ) -> Int {
    // Two runs, of which one is written while the next is gathered.
    let rows = 2 * moments.rowsPerClass(keepsLowParts: true)
    let writing = rows * max(MomentsTable.runBytes, dimension * MemoryLayout<Double>.size)
    guard let precision = within.precision else { return writing }
    let matrices = (precision == .double ? 2 : 1) * parts + 1
    let residuals = 2 * WindowFold.residualRows(dimension: dimension)
    return writing + (matrices * dimension + residuals) * dimension * MemoryLayout<Double>.size
  }

  /// The smallest allowed limit: the rows that the scatter takes at a time or, without a scatter, enough classes to
  /// make a run worthwhile.
  package static func leastResident(dimension: Int, within: WithinScatter) -> Int {
    within == .none ? 256 : WindowFold.residualRows(dimension: dimension)
  }

  /// Whether means are kept as two doubles; see the type's description.
  package var keepsLowParts: Bool { store.hasLowParts }

  /// Whether means of features of this type are kept as two doubles.
  package static func keepsLowParts(of scalar: ScalarType) -> Bool {
    switch scalar {
    case .float16, .bfloat16: false
    case .float32, .float64: true
    }
  }

  /// Folds the rows of a block into their classes.
  ///
  /// Throws errors of the spill, and ``NonfiniteRow`` if a feature is not finite. After an error, the moments are
  /// unusable.
  ///
  /// - Precondition: the block has this dimension, and its labels are not negative.
  package func fold(_ block: Block) throws {
    precondition(block.dimension == dimension)
    if Self.keepsLowParts(of: block.scalar) { store.keepLowParts() }
    try window.fold(block, into: store)
    samples += block.rows
  }

  /// Token ids of the classes seen, ascending.
  package var tokens: [Int32] { store.slots.tokens.sorted() }

  /// Calls `body` with runs of at most `count` classes, by ascending token id.
  ///
  /// Each run is first passed to `prepare`, in the same order. With several workers, this happens while `body` handles
  /// the previous run. Throws errors of the spill, `prepare` and `body`.
  package func forEachRun(
    of count: Int, preparing prepare: @escaping (MomentsTable) throws -> Void = { _ in },
    _ body: @escaping (MomentsTable) throws -> Void
  ) throws {
    let order = store.slots.ascending
    let starts = Array(stride(from: 0, to: order.count, by: max(count, 1)))
    func prepared(_ run: Int) -> Result<MomentsTable, any Error>? {
      guard run < starts.count else { return nil }
      let chosen = order[starts[run]..<min(starts[run] + max(count, 1), order.count)]
      return Result {
        let rows = try store.rows(chosen, workers: WorkerThreads(1))
        try prepare(rows)
        return rows
      }
    }
    var current = prepared(0)
    var run = 0
    while let rows = try current?.get() {
      run += 1
      var next: Result<MomentsTable, any Error>?
      var outcome: Result<Void, any Error> = .success(())
      // One piece handles the next run and the other the current one, each with its own result.
      nonisolated(unsafe) let (prepared, body) = (prepared, body)
      withUnsafeMutablePointer(to: &next) { next in
        withUnsafeMutablePointer(to: &outcome) { outcome in
          nonisolated(unsafe) let (next, outcome) = (next, outcome)
          let run = run
          workers.run(2) { piece in
            if piece == 0 { next.pointee = prepared(run) } else { outcome.pointee = Result { try body(rows) } }
          }
        }
      }
      try outcome.get()
      current = next
    }
  }

  /// Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, if accumulated.
  package var withinScatter: Matrix? { get throws { try scatter?.matrix } }

  /// The state as a table, by ascending token id.
  package var table: MomentsTable { get throws { try table(withDiagonal: true) } }

  /// The same, without the second moments of features if they are not wanted.
  package func table(withDiagonal: Bool) throws -> MomentsTable {
    try store.rows(
      store.slots.ascending[...], withDiagonal: withDiagonal, scatter: withinScatter, workers: workers)
  }
}
