import Support

/// Rows of d doubles, one mean per slot, that may exceed memory.
///
/// Rows lie in pages, so growing copies nothing and a row in memory never moves. Without a limit, every row is in
/// memory. With a limit, only that many are, in frames. The others are spilled (``RowSpill``), and
/// ``bring(_:workers:)`` swaps them as ``Residency`` decides. A row's location never affects its value.
struct RowStore: ~Copyable {
  /// Doubles per page (8 MiB), unless a single row has more.
  private static let pageElements = 1 << 20

  let dimension: Int
  private let limit: ResidentLimit?
  /// A page has 1 << pageBits rows; the last may have fewer.
  let pageBits: Int
  private(set) var pages: [UnsafeMutablePointer<Double>] = []
  /// The memory of the pages.
  private var mapped: [UnsafeMutableRawBufferPointer] = []
  private var rowsAllocated = 0
  /// Empty if there is no limit.
  private var residency: Residency
  /// Where rows are spilled: slot s at offset s times the bytes of a row. Nil while all rows have frames.
  private var spill: (any RowSpill)?

  init(dimension: Int, limit: ResidentLimit? = nil) {
    (self.dimension, self.limit) = (dimension, limit)
    let rowsPerPage = max(1, Self.pageElements / max(dimension, 1))
    pageBits = Int.bitWidth - 1 - rowsPerPage.leadingZeroBitCount
    residency = Residency(limit: max(limit?.rows ?? 0, 0))
  }

  deinit {
    for bytes in mapped { MappedMemory.unmap(bytes) }
  }

  /// The frame of each slot; empty if frame and slot numbers are the same because all rows fit.
  var frames: [Int32] { residency.overflows ? residency.frames : [] }

  private var rowBytes: Int { dimension * MemoryLayout<Double>.stride }

  /// Bytes of memory allocated for rows.
  var byteCount: Int { rowsAllocated * rowBytes }

  /// Makes room for rows 0 ..< `count`; new rows are zero. Throws `OutOfMemory`.
  mutating func grow(to count: Int) throws(OutOfMemory) {
    guard limit != nil else { return try allocate(count, atMost: .max) }
    residency.grow(to: count)
    try allocate(residency.used, atMost: residency.limit)
  }

  private mutating func allocate(_ rows: Int, atMost limit: Int) throws(OutOfMemory) {
    while rowsAllocated < rows {
      let count = min(1 << pageBits, limit - rowsAllocated)
      let bytes = try MappedMemory.map(
        max(count * dimension, 1) * MemoryLayout<Double>.stride, for: "\(rows) class means of dimension \(dimension)")
      mapped.append(bytes)
      if let page = bytes.bindMemory(to: Double.self).baseAddress { pages.append(page) }
      rowsAllocated += count
    }
  }

  /// The row of a slot.
  ///
  /// - Precondition: there is room for it and, if there is a limit, the last ``bring(_:workers:)`` named it.
  subscript(slot: Int) -> UnsafeMutablePointer<Double> {
    row(inFrame: residency.overflows ? Int(residency.frames[slot]) : slot)
  }

  private func row(inFrame frame: Int) -> UnsafeMutablePointer<Double> {
    pages[frame >> pageBits] + (frame & (1 << pageBits - 1)) * dimension
  }

  /// Brings the rows of `slots` into memory until the next call. Changes to them are kept.
  ///
  /// All workers write the evicted rows and read the new ones. Reads are announced before the first write, so that the
  /// disk can work on all of them. From a cold disk this takes a third of the time.
  ///
  /// Throws errors of the spill. Rows already spilled or still in memory are not lost.
  ///
  /// - Precondition: there is room for the slots, and there are at most as many as the limit's rows.
  mutating func bring(_ slots: [Int], workers: WorkerThreads) throws {
    guard let limit else { return }
    if spill == nil, residency.overflows { spill = try limit.spill() }
    let moves = residency.bring(slots)
    guard let spill, !moves.isEmpty else { return }
    // Each piece has its own frame and evicted slot, and no slot is both brought in and evicted.
    nonisolated(unsafe) let rows = moves.map { row(inFrame: $0.frame) }
    let (dimension, rowBytes) = (dimension, rowBytes)
    workers.run(moves.count) {
      if moves[$0].wasSetAside { spill.announce(at: moves[$0].slot * rowBytes, count: rowBytes) }
    }
    let unwritten = workers.attempt(moves.count) { piece in
      guard let evicted = moves[piece].evicted else { return }
      try spill.write(UnsafeRawBufferPointer(start: rows[piece], count: rowBytes), at: evicted * rowBytes)
    }
    let unread = workers.attempt(moves.count) { piece in
      guard unwritten[piece] == nil else { return }
      guard moves[piece].wasSetAside else { return rows[piece].update(repeating: 0, count: dimension) }
      try spill.read(
        at: moves[piece].slot * rowBytes, into: UnsafeMutableRawBufferPointer(start: rows[piece], count: rowBytes))
    }
    for (index, move) in moves.enumerated() {
      if unwritten[index] != nil { residency.undo(move) }
      if unread[index] != nil { residency.abandon(move) }
    }
    if let error = (unwritten + unread).lazy.compactMap(\.self).first { throw error }
  }

  /// Copies the rows of `slots` to `copies`, one after another, from memory or spill. Rows in memory stay there.
  ///
  /// Throws errors of the spill.
  ///
  /// - Precondition: the store has room for the slots, and `copies` for their rows.
  borrowing func read(_ slots: [Int], into copies: UnsafeMutablePointer<Double>, workers: WorkerThreads) throws {
    // Each piece writes its own row, and rows of the store are only read.
    nonisolated(unsafe) let copies = copies
    nonisolated(unsafe) let rows = slots.map { isResident($0) ? self[$0] : nil }
    let setAside = slots.map { limit != nil && residency.isSetAside($0) }
    let (spill, dimension, rowBytes) = (spill, dimension, rowBytes)
    if let spill {
      workers.run(slots.count) { if setAside[$0] { spill.announce(at: slots[$0] * rowBytes, count: rowBytes) } }
    }
    let errors = workers.attempt(slots.count) { piece in
      let copy = copies + piece * dimension
      if let row = rows[piece] {
        copy.update(from: row, count: dimension)
      } else if let spill, setAside[piece] {
        try spill.read(at: slots[piece] * rowBytes, into: UnsafeMutableRawBufferPointer(start: copy, count: rowBytes))
      } else {
        copy.update(repeating: 0, count: dimension)
      }
    }
    if let error = errors.lazy.compactMap(\.self).first { throw error }
  }

  /// Calls `body` with rows 0 ..< `count` in order, many at a time, from memory or spill.
  borrowing func forEachRun(_ count: Int, workers: WorkerThreads, _ body: (UnsafeRawBufferPointer) throws -> Void)
    throws
  {
    let run = 1 << pageBits
    guard limit != nil else {
      for first in stride(from: 0, to: count, by: run) {
        try body(UnsafeRawBufferPointer(start: self[first], count: min(run, count - first) * rowBytes))
      }
      return
    }
    let copies = UnsafeMutableBufferPointer<Double>.allocate(capacity: min(run, max(count, 1)) * dimension)
    defer { copies.deallocate() }
    guard let start = copies.baseAddress else { return }
    for first in stride(from: 0, to: count, by: run) {
      let slots = Array(first..<min(first + run, count))
      try read(slots, into: start, workers: workers)
      try body(UnsafeRawBufferPointer(start: start, count: slots.count * rowBytes))
    }
  }

  /// Restores rows 0 ..< `count` in order: `fill` writes each row to the given memory.
  mutating func restore(
    _ count: Int, workers: WorkerThreads, _ fill: (_ first: Int, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    try grow(to: count)
    let atOnce = limit?.rows ?? .max
    for first in stride(from: 0, to: count, by: min(1 << pageBits, atOnce)) {
      let slots = first..<min(first + min(1 << pageBits, atOnce), count)
      try bring(Array(slots), workers: workers)
      for slot in slots { try fill(slot, UnsafeMutableRawBufferPointer(start: self[slot], count: rowBytes)) }
    }
  }

  private func isResident(_ slot: Int) -> Bool { limit == nil || residency.frames[slot] >= 0 }
}
