import Samples
import Support

/// The moments of every class seen, by slot: token id, n, μ and M2.
final class ClassStore {
  let dimension: Int
  private let limit: ResidentLimit?
  private(set) var slots = TokenSlots()
  private(set) var centres: RowStore
  private(set) var lowParts: RowStore
  /// Whether means are kept as two doubles; see ``ClassMoments``.
  private(set) var hasLowParts = false
  var counts: [Int] = []
  var m2: [Double] = []

  /// - Parameter limit: how many means may be in memory; nil for all.
  init(dimension: Int, limit: ResidentLimit? = nil) {
    (self.dimension, self.limit) = (dimension, limit)
    centres = RowStore(dimension: dimension, limit: limit)
    lowParts = RowStore(dimension: dimension, limit: limit)
  }

  /// The most means that ``bring(_:workers:)`` takes at a time.
  var atOnce: Int { limit?.rows ?? .max }

  /// K, the number of classes seen.
  var classes: Int { counts.count }

  /// Brings the means of at most ``atOnce`` slots into memory until the next call.
  ///
  /// Throws errors of the spill.
  func bring(_ slots: some Collection<Int>, workers: WorkerThreads) throws {
    guard limit != nil else { return }
    let slots = Array(slots)
    try centres.bring(slots, workers: workers)
    if hasLowParts { try lowParts.bring(slots, workers: workers) }
  }

  /// The mean of a slot.
  ///
  /// - Precondition: it is in memory.
  func mean(_ slot: Int) -> (centre: UnsafeMutablePointer<Double>, lowPart: UnsafeMutablePointer<Double>?) {
    (centres[slot], hasLowParts ? lowParts[slot] : nil)
  }

  /// Keeps means as two doubles from now on.
  func keepLowParts() { hasLowParts = true }

  /// Calls `body` with the moments of every class, by slot: the high and low parts of the means, n, and M2. Does nothing
  /// if there are no classes.
  func withMoments(
    _ body: (
      _ centres: ResidentRows, _ lowParts: ResidentRows?, _ counts: UnsafeMutableBufferPointer<Int>,
      _ m2: UnsafeMutableBufferPointer<Double>
    ) -> Void
  ) {
    counts.withUnsafeMutableBufferPointer { counts in
      m2.withUnsafeMutableBufferPointer { m2 in
        centres.withPlaces { centres in
          lowParts.withPlaces { lowParts in
            if let centres { body(centres, hasLowParts ? lowParts : nil, counts, m2) }
          }
        }
      }
    }
  }

  /// Groups rows by class and makes room for new classes.
  func group(_ labels: UnsafeBufferPointer<Int32>, in groups: inout RowGroups) {
    groups.assign(labels, to: &slots)
    grow()
  }

  /// The slots of some tokens; new ones have n = 0.
  func slots(for tokens: [Int32]) -> [Int] {
    let found = tokens.map { slots.slot(for: $0) }
    grow()
    return found
  }

  private func grow() {
    let classes = slots.tokens.count
    centres.grow(to: classes)
    if hasLowParts { lowParts.grow(to: classes) }
    let new = classes - counts.count
    counts += repeatElement(0, count: new)
    m2 += repeatElement(0, count: new)
  }

  /// The classes of some slots as a table. Throws errors of the spill.
  func rows(_ chosen: ArraySlice<Int>, scatter: Matrix? = nil, workers: WorkerThreads) throws -> MomentsTable {
    let chosen = Array(chosen)
    return MomentsTable(
      tokens: chosen.map { slots.tokens[$0] }, counts: chosen.map { counts[$0] },
      means: try gather(chosen, centres, workers), lowPart: hasLowParts ? try gather(chosen, lowParts, workers) : nil,
      m2: chosen.map { m2[$0] }, withinScatter: scatter)
  }

  /// Writes every class, by slot.
  func save(to writer: any SnapshotWriter, workers: WorkerThreads) throws {
    let rowBytes = dimension * MemoryLayout<Double>.stride
    try writer.section("token", slots.tokens)
    try writer.section("count", counts)
    try writer.section("m2", m2)
    try writer.section("mean", byteCount: classes * rowBytes) { append in
      try centres.forEachRun(classes, workers: workers, append)
    }
    guard hasLowParts else { return }
    try writer.section("carry", byteCount: classes * rowBytes) { append in
      try lowParts.forEachRun(classes, workers: workers, append)
    }
  }

  /// Restores every class into an empty store.
  func restore(from reader: any SnapshotReader, workers: WorkerThreads) throws {
    let rowBytes = dimension * MemoryLayout<Double>.stride
    let tokens = try reader.numbers("token", as: Int32.self)
    _ = slots(for: tokens)
    counts = try reader.numbers("count", as: Int.self)
    m2 = try reader.numbers("m2", as: Double.self)
    try centres.restore(tokens.count, workers: workers) { try reader.read("mean", at: $0 * rowBytes, into: $1) }
    guard reader.byteCount("carry") != nil else { return }
    keepLowParts()
    try lowParts.restore(tokens.count, workers: workers) { try reader.read("carry", at: $0 * rowBytes, into: $1) }
  }

  private func gather(_ chosen: [Int], _ store: borrowing RowStore, _ workers: WorkerThreads) throws -> Matrix {
    try Matrix(rows: chosen.count, columns: dimension) { elements in
      guard let start = elements.baseAddress else { return }
      try store.read(chosen, into: start, workers: workers)
    }
  }
}
