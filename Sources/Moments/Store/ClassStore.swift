import Samples
import Support

/// The moments of every class seen, by slot: token id, n, μ and M2, and M2 of each feature if wanted.
final class ClassStore {
  let dimension: Int
  private let limit: ResidentLimit?
  private(set) var slots = TokenSlots()
  private(set) var centres: RowStore
  private(set) var lowParts: RowStore
  /// Whether means are kept as two doubles; see ``ClassMoments``.
  private(set) var hasLowParts = false
  /// Σ(h − μ_c)² of each feature, if kept.
  private(set) var diagonals: RowStore
  let hasDiagonals: Bool
  var counts: [Int] = []
  var m2: [Double] = []

  /// - Parameter limit: how many means may be in memory; nil for all.
  init(dimension: Int, moments: SecondMoments = .trace, limit: ResidentLimit? = nil) {
    (self.dimension, self.limit) = (dimension, limit)
    hasDiagonals = moments == .diagonal
    diagonals = RowStore(dimension: dimension, limit: limit)
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
    if hasDiagonals { try diagonals.bring(slots, workers: workers) }
  }

  /// The rows of a slot.
  ///
  /// - Precondition: they are in memory.
  func row(_ slot: Int) -> ClassRow {
    ClassRow(
      centre: centres[slot], lowPart: hasLowParts ? lowParts[slot] : nil,
      diagonal: hasDiagonals ? diagonals[slot] : nil)
  }

  /// Keeps means as two doubles from now on.
  func keepLowParts() { hasLowParts = true }

  /// Calls `body` with the moments of every class, by slot: its rows, n, and M2. Does nothing if there are no classes.
  func withMoments(
    _ body: (
      _ classes: ClassRows, _ counts: UnsafeMutableBufferPointer<Int>, _ m2: UnsafeMutableBufferPointer<Double>
    ) -> Void
  ) {
    counts.withUnsafeMutableBufferPointer { counts in
      m2.withUnsafeMutableBufferPointer { m2 in
        centres.withPlaces { centres in
          lowParts.withPlaces { lowParts in
            diagonals.withPlaces { diagonals in
              guard let centres else { return }
              let rows = ClassRows(
                centres: centres, lowParts: hasLowParts ? lowParts : nil, diagonals: hasDiagonals ? diagonals : nil)
              body(rows, counts, m2)
            }
          }
        }
      }
    }
  }

  /// Groups rows by class and makes room for new classes. Throws `OutOfMemory`.
  func group(_ labels: UnsafeBufferPointer<Int32>, in groups: inout RowGroups) throws {
    groups.assign(labels, to: &slots)
    try grow()
  }

  /// The slots of some tokens; new ones have n = 0. Throws `OutOfMemory`.
  func slots(for tokens: [Int32]) throws -> [Int] {
    let found = tokens.map { slots.slot(for: $0) }
    try grow()
    return found
  }

  private func grow() throws {
    let classes = slots.tokens.count
    try centres.grow(to: classes)
    if hasLowParts { try lowParts.grow(to: classes) }
    if hasDiagonals { try diagonals.grow(to: classes) }
    let new = classes - counts.count
    counts += repeatElement(0, count: new)
    m2 += repeatElement(0, count: new)
  }

  /// The classes of some slots as a table, without the diagonal if that is not wanted. Throws errors of the spill.
  func rows(
    _ chosen: ArraySlice<Int>, withDiagonal: Bool = true, scatter: Matrix? = nil, workers: WorkerThreads
  ) throws -> MomentsTable {
    let chosen = Array(chosen)
    return MomentsTable(
      tokens: chosen.map { slots.tokens[$0] }, counts: chosen.map { counts[$0] },
      means: try gather(chosen, centres, workers), lowPart: hasLowParts ? try gather(chosen, lowParts, workers) : nil,
      m2: chosen.map { m2[$0] },
      diagonal: hasDiagonals && withDiagonal ? try gather(chosen, diagonals, workers) : nil, withinScatter: scatter)
  }

  /// The section of a snapshot with the diagonals, if kept.
  static let diagonalSection = "diagonal"

  /// Writes every class, by slot.
  func save(to writer: any SnapshotWriter, workers: WorkerThreads) throws {
    let rowBytes = dimension * MemoryLayout<Double>.stride
    try writer.section("token", slots.tokens)
    try writer.section("count", counts)
    try writer.section("m2", m2)
    try writer.section("mean", byteCount: classes * rowBytes) { append in
      try centres.forEachRun(classes, workers: workers, append)
    }
    if hasLowParts {
      try writer.section("carry", byteCount: classes * rowBytes) { append in
        try lowParts.forEachRun(classes, workers: workers, append)
      }
    }
    guard hasDiagonals else { return }
    try writer.section(Self.diagonalSection, byteCount: classes * rowBytes) { append in
      try diagonals.forEachRun(classes, workers: workers, append)
    }
  }

  /// Restores every class into an empty store.
  ///
  /// Throws if a token is negative or there twice, if the counts do not add up to `samples`, or if a number is not
  /// finite.
  func restore(from reader: any SnapshotReader, samples: Int, workers: WorkerThreads) throws {
    let rowBytes = dimension * MemoryLayout<Double>.stride
    let tokens = try reader.numbers("token", as: Int32.self)
    guard tokens.allSatisfy({ $0 >= 0 }), try slots(for: tokens) == Array(tokens.indices) else {
      throw reader.refusal(expected: "token ids from 0, each once", found: "others")
    }
    counts = try reader.numbers("count", as: Int.self)
    var left = samples
    for count in counts where left >= 0 {
      left = count > 0 ? left.subtractingReportingOverflow(count).partialValue : -1
    }
    guard left == 0 else {
      throw reader.refusal(expected: "counts from 1 that add up to \(samples)", found: "others")
    }
    m2 = try reader.numbers("m2", as: Double.self)
    guard m2.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw reader.refusal(expected: "finite M2 from 0", found: "others")
    }
    func read(_ section: String, _ slot: Int, into row: UnsafeMutableRawBufferPointer) throws {
      try reader.read(section, at: slot * rowBytes, into: row)
      guard let start = row.baseAddress, ScalarType.float64.firstNonfinite(start, count: dimension) != nil else {
        return
      }
      throw reader.refusal(expected: "finite moments", found: "a NaN or an infinity for token \(tokens[slot])")
    }
    try centres.restore(tokens.count, workers: workers) { try read("mean", $0, into: $1) }
    if reader.byteCount("carry") != nil {
      keepLowParts()
      try lowParts.restore(tokens.count, workers: workers) { try read("carry", $0, into: $1) }
    }
    guard hasDiagonals else { return }
    try diagonals.restore(tokens.count, workers: workers) { slot, row in
      try read(Self.diagonalSection, slot, into: row)
      guard row.bindMemory(to: Double.self).contains(where: { $0 < 0 }) else { return }
      throw reader.refusal(expected: "second moments from 0", found: "a negative one for token \(tokens[slot])")
    }
  }

  private func gather(_ chosen: [Int], _ store: borrowing RowStore, _ workers: WorkerThreads) throws -> Matrix {
    try Matrix(rows: chosen.count, columns: dimension) { elements in
      guard let start = elements.baseAddress else { return }
      try store.read(chosen, into: start, workers: workers)
    }
  }
}
