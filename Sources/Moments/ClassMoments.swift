import CollapseKernels
import Embeddings

/// Count, mean and second moment of every token class, in one pass; optionally the pooled within-class scatter.
///
/// `fold` takes a block of labelled rows by the blocked Welford step: for a class of state (n, μ, M2) and its k rows in
/// the block, with D = Σ(h − μ) and Q = Σ‖h − μ‖²,
///
///     μ′ = μ + D/(n + k),   M2′ = M2 + Q − ‖D‖²/(n + k),   S′ = S + Σ(h − μ)(h − μ)ᵀ − DDᵀ/(n + k).
///
/// A class starts at its first row. `merge` is the same algebra for two states (Chan, Golub & LeVeque 1979; Pébay 2008).
///
/// - Float32 and Float64 features are fine enough to vary by little about a large offset, where the rounding of their mean
///   would be seen. For them the mean is kept as an unevaluated sum of two doubles (centre and carry); the 16-bit types are
///   too coarse to need it.
/// - The same blocks in the same order give the same bits, for any number of workers: each class's rows are folded by one
///   worker, in stream order.
/// - Memory: K·d doubles (twice that for Float32 and Float64 features), 2d² more for the scatter, and a fixed workspace.
/// - Complexity: O(rows · d), and O(rows · d²) with the scatter.
public final class ClassMoments {
  public let dimension: Int
  /// Samples folded or merged in.
  public private(set) var samples = 0

  private let workers: Workers
  private let scatter: PooledScatter?
  private var slots = TokenSlots()
  private var centres: RowStore
  private var carries: RowStore
  private var hasCarry = false
  private var counts: [Int] = []
  private var m2: [Double] = []
  private var groups = RowGroups()
  private var workspace: Workspace

  public init(dimension: Int, within: WithinScatter = .none, workers: Workers = Workers(1)) {
    self.dimension = dimension
    self.workers = workers
    scatter = within == .pooled ? PooledScatter(dimension: dimension) : nil
    centres = RowStore(dimension: dimension)
    carries = RowStore(dimension: dimension)
    workspace = Workspace(dimension: dimension)
  }

  public var within: WithinScatter { scatter == nil ? .none : .pooled }

  /// K, the classes seen.
  public var classes: Int { counts.count }

  /// Bytes of the state: means, and the scatter.
  public var byteCount: Int {
    centres.byteCount + carries.byteCount + classes * 24 + (scatter == nil ? 0 : 2 * dimension * dimension * 8)
  }

  /// Whether means carry a second double; see the type's description.
  public var carriesMeans: Bool { hasCarry }

  private static func needsCarry(_ scalar: ScalarType) -> Bool {
    switch scalar {
    case .float16, .bfloat16: false
    case .float32, .float64: true
    }
  }

  /// Folds the rows of a block into their classes.
  ///
  /// - Precondition: the block has this dimension, its labels are not negative and its features finite.
  public func fold(_ block: Block) {
    precondition(block.dimension == dimension)
    guard let features = block.features.baseAddress else { return }
    groups.assign(block.labels, to: &slots)
    if Self.needsCarry(block.scalar) { hasCarry = true }
    grow()
    workspace.reserve(groups: groups.count, rows: scatter == nil ? 0 : block.rows)
    groups.rows.withUnsafeBufferPointer { rows in
      counts.withUnsafeMutableBufferPointer { counts in
        m2.withUnsafeMutableBufferPointer { m2 in
          let parts = groups.balanced(into: workers.count)
          // Parts are disjoint runs of groups, a group is all of a class's rows in the block, and each touches its own
          // class's mean, count and M2 and its own rows of the workspace.
          nonisolated(unsafe) let moments = self
          nonisolated(unsafe) let (rows, counts, m2, features) = (rows, counts, m2, features)
          workers.run(parts.count) { part in
            for group in parts[part] {
              moments.prefetch(group + 1)
              let run = moments.groups.rows(of: group)
              let grouped = GroupRows(
                features: features, scalar: block.scalar, dimension: moments.dimension,
                rows: UnsafeBufferPointer(rebasing: rows[run]))
              moments.fold(grouped, group: group, firstRow: run.lowerBound, counts, m2)
            }
          }
        }
      }
    }
    samples += block.rows
    if let scatter {
      scatter.update(
        adding: .init(start: workspace.residuals, count: block.rows),
        subtracting: .init(start: workspace.sums, count: groups.count), workers: workers)
    }
  }

  /// The blocked Welford step for one class.
  private func fold(
    _ rows: GroupRows, group: Int, firstRow: Int, _ counts: UnsafeMutableBufferPointer<Int>,
    _ m2: UnsafeMutableBufferPointer<Double>
  ) {
    let slot = groups.slots[group]
    let centre = centres[slot]
    let carry = hasCarry ? carries[slot] : nil
    let sum = workspace.sums + group * dimension
    let isNew = counts[slot] == 0
    counts[slot] += rows.rows.count
    let total = Double(counts[slot])
    if isNew { rows.copyFirst(to: centre) }
    if rows.rows.count == 1 && scatter == nil {
      if isNew { return }
      let squares = rows.foldOne(into: centre, carry, total: total)
      m2[slot] += squares - squares / total
      return
    }
    if scatter != nil {
      rows.residuals(about: centre, carry, into: workspace.residuals + firstRow * dimension)
    }
    let squares = rows.fold(about: centre, carry, sum: sum)
    let squaredSum = collapse_welford_step(centre, carry, sum, dimension, total)
    m2[slot] = max(m2[slot] + squares - squaredSum / total, 0)
    if scatter != nil {
      let root = 1 / total.squareRoot()
      for feature in 0..<dimension { sum[feature] *= root }
    }
  }

  /// Asks for the mean of a group's class while the group before it is folded: cold classes lie in main memory.
  private func prefetch(_ group: Int) {
    guard group < groups.count else { return }
    collapse_prefetch(centres[groups.slots[group]], dimension * MemoryLayout<Double>.size)
  }

  private func grow() {
    let classes = slots.tokens.count
    centres.grow(to: classes)
    if hasCarry { carries.grow(to: classes) }
    let new = classes - counts.count
    counts += Array(repeating: 0, count: new)
    m2 += Array(repeating: 0, count: new)
  }

  /// Merges classes of another state into this one: with δ = μ_b − μ_a and n = n_a + n_b,
  ///
  ///     μ = μ_a + δ·n_b/n,   M2 = M2_a + M2_b + ‖δ‖²·n_a·n_b/n,   S = S_a + S_b + Σ_c δδᵀ·n_a·n_b/n.
  ///
  /// A whole state is merged by runs of its classes and, once, its scatter (``mergeScatter(_:)``).
  ///
  /// - Precondition: `other` has this dimension, its tokens are not negative and its counts positive.
  /// Throws ``MomentsError`` where there are more samples than can be counted, before anything is merged.
  public func merge(_ other: ClassRows) throws {
    precondition(other.means.columns == dimension)
    try StateFormat.checkSum(other.counts, from: samples, "samples")
    let targets = other.tokens.map { slots.slot(for: $0) }
    if other.carry != nil { hasCarry = true }
    grow()
    workspace.reserve(groups: other.tokens.count, rows: 0)
    var deltas = 0
    for (index, slot) in targets.enumerated() {
      other.withMean(index) { mean, meanCarry in
        if counts[slot] == 0 {
          centres[slot].update(from: mean, count: dimension)
          if let meanCarry { carries[slot].update(from: meanCarry, count: dimension) }
          m2[slot] = other.m2[index]
        } else {
          merge(slot, mean, meanCarry, count: other.counts[index], m2: other.m2[index], delta: deltas)
          deltas += 1
        }
      }
      counts[slot] += other.counts[index]
      samples += other.counts[index]
    }
    scatter?.update(adding: .init(start: workspace.sums, count: deltas), workers: workers)
  }

  private func merge(
    _ slot: Int, _ mean: UnsafePointer<Double>, _ meanCarry: UnsafePointer<Double>?, count: Int, m2 otherM2: Double,
    delta index: Int
  ) {
    let delta = workspace.sums + index * dimension
    let carry = hasCarry ? carries[slot] : nil
    let (own, other) = (Double(counts[slot]), Double(count))
    let squared = collapse_difference(mean, meanCarry, centres[slot], carry, dimension, delta)
    m2[slot] += otherM2 + squared * (own * other / (own + other))
    for feature in 0..<dimension { delta[feature] *= other }
    _ = collapse_welford_step(centres[slot], carry, delta, dimension, own + other)
    let root = (own / (other * (own + other))).squareRoot()
    for feature in 0..<dimension { delta[feature] *= root }
  }

  /// Merges the scatter of another state.
  ///
  /// - Precondition: both accumulate it, and have one dimension.
  public func mergeScatter(_ other: Matrix) {
    precondition(other.rows == dimension && other.columns == dimension)
    scatter?.add(other)
  }

  /// Refuses moments that left the range of Float64: features near 1e154 have squares beyond it.
  ///
  /// Throws ``MomentsError`` that names the first such class by token id.
  public func checkFinite() throws {
    for slot in slots.ascending {
      let mean = UnsafeBufferPointer(start: centres[slot], count: dimension)
      guard m2[slot].isFinite, mean.allSatisfy(\.isFinite) else {
        throw MomentsError(
          .overflow,
          Diagnosis(
            position: "class of token \(slots.tokens[slot])", expected: "moments within the range of Float64",
            found: "an overflow", advice: "scale the features down before accumulating them"))
      }
    }
  }

  /// Token ids of the classes seen, ascending.
  public var tokens: [Int32] { slots.tokens.sorted() }

  /// Calls `body` with runs of classes by ascending token id, each of at most `count`.
  public func forEachRun(of count: Int, _ body: (ClassRows) throws -> Void) rethrows {
    let order = slots.ascending
    for start in stride(from: 0, to: order.count, by: max(count, 1)) {
      try body(rows(order[start..<min(start + max(count, 1), order.count)]))
    }
  }

  private func rows(_ chosen: ArraySlice<Int>) -> ClassRows {
    ClassRows(
      tokens: chosen.map { slots.tokens[$0] }, counts: chosen.map { counts[$0] }, m2: chosen.map { m2[$0] },
      means: gather(chosen, centres), carry: hasCarry ? gather(chosen, carries) : nil)
  }

  private func gather(_ chosen: ArraySlice<Int>, _ store: borrowing RowStore) -> Matrix {
    var elements: [Double] = []
    elements.reserveCapacity(chosen.count * dimension)
    for slot in chosen { elements += UnsafeBufferPointer(start: store[slot], count: dimension) }
    return Matrix(rows: chosen.count, columns: dimension, elements: elements)
  }

  /// Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, where it is accumulated.
  public var withinScatter: Matrix? { scatter?.matrix }

  /// The state as a table, by ascending token id.
  public var table: MomentsTable {
    let all = rows(slots.ascending[...])
    return MomentsTable(
      tokens: all.tokens, counts: all.counts, means: all.means, carry: all.carry, m2: all.m2,
      withinScatter: withinScatter)
  }
}
