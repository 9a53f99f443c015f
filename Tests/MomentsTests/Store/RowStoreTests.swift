import TestSupport
import Testing

@testable import Moments
@testable import Support

@Suite("Row store")
struct RowStoreTests {
  @Test("Rows stay where they are while the store grows")
  func growing() throws {
    var store = RowStore(dimension: 1000)
    try store.grow(to: 3)
    let third = store[2]
    third[999] = 4
    try store.grow(to: 2_000)
    #expect(store[2] == third)
    #expect(store[2][999] == 4)
    #expect(store[1_999][0] == 0)
  }

  @Test("A row longer than a page has its own page")
  func longRows() throws {
    var store = RowStore(dimension: 300_000)
    try store.grow(to: 2)
    store[1][299_999] = 1
    #expect(store.byteCount == 2 * 300_000 * 8)
  }

  @Test("No two rows overlap", arguments: [1, 3, 1_000, 70_000])
  func disjoint(dimension: Int) throws {
    var store = RowStore(dimension: dimension)
    try store.grow(to: 300)
    for slot in 0..<300 { store[slot].update(repeating: Double(slot + 1), count: dimension) }
    for slot in 0..<300 {
      let row = UnsafeBufferPointer(start: store[slot], count: dimension)
      #expect(row.allSatisfy { $0 == Double(slot + 1) })
    }
  }

  @Test("With any number of frames and workers, every row is what was last written", arguments: [1, 2, 7, 30, 99, 200])
  func paging(frames: Int) throws {
    for workers in [1, 3] {
      var store = RowStore(dimension: 5, limit: .rows(frames))
      var truth: [Int: [Double]] = [:]
      var random = SeededGenerator(frames)
      for step in 0..<300 {
        let count = min(10 + step, 200)
        try store.grow(to: count)
        let slots = Array((0..<count).shuffled(using: &random).prefix(Int.random(in: 0...frames, using: &random)))
        try store.bring(slots, workers: WorkerThreads(workers))
        for slot in slots {
          let row = UnsafeMutableBufferPointer(start: store[slot], count: 5)
          #expect(Array(row) == truth[slot] ?? [0, 0, 0, 0, 0])
          let values = (0..<5).map { _ in Double.random(in: -1...1, using: &random) }
          _ = row.update(fromContentsOf: values)
          truth[slot] = values
        }
        #expect(store.byteCount <= frames * 40)
        guard step % 50 == 49 else { continue }
        let all = Array((0..<count).shuffled(using: &random))
        #expect(try rows(all, of: store, workers) == all.map { truth[$0] ?? [0, 0, 0, 0, 0] })
      }
    }
  }

  @Test("A store within its limit sets nothing aside; beyond it, nothing is lost if scratch is missing")
  func noPlace() throws {
    var store = RowStore(dimension: 2, limit: ResidentLimit(rows: 3) { throw MemorySpill.Refusal() })
    try store.grow(to: 3)
    try store.bring([0, 1, 2], workers: WorkerThreads(2))
    store[2][1] = 5
    try store.grow(to: 4)
    #expect(throws: MemorySpill.Refusal.self) { try store.bring([3], workers: WorkerThreads(2)) }
    #expect(try rows([2, 3], of: store) == [[0, 5], [0, 0]])
  }

  @Test("A limit beyond all rows changes nothing")
  func generousLimit() throws {
    var store = RowStore(dimension: 3, limit: ResidentLimit(rows: .max) { throw MemorySpill.Refusal() })
    try store.grow(to: 50)
    for slot in 0..<50 {
      try store.bring([slot], workers: WorkerThreads(2))
      store[slot][2] = Double(slot)
    }
    #expect(try rows(Array(0..<50), of: store).map { $0[2] } == (0..<50).map(Double.init))
  }

  @Test("If scratch is full, nothing is lost, and once there is room it continues")
  func noRoom() throws {
    let spill = MemorySpill(room: 4 * 8_000)
    var store = RowStore(dimension: 1_000, limit: ResidentLimit(rows: 8) { spill })
    try store.grow(to: 8)
    for slot in 0..<8 { store[slot][999] = Double(slot) }
    try store.grow(to: 20)
    #expect(throws: MemorySpill.Refusal.self) {
      try store.bring([1, 10, 11, 12, 13, 14, 15], workers: WorkerThreads(2))
    }
    spill.room.store(.max, ordering: .relaxed)
    for slot in 0..<20 { #expect(try rows([slot], of: store)[0][999] == (slot < 8 ? Double(slot) : 0)) }
    for slots in [[1, 10, 11, 12, 13, 14, 15], [0, 2, 3, 4, 5, 6, 7, 1]] {
      try store.bring(slots, workers: WorkerThreads(2))
      for slot in slots { #expect(store[slot][999] == (slot < 8 ? Double(slot) : 0)) }
    }
  }
}

/// Copies of rows, made by ``RowStore/read(_:into:workers:)``.
private func rows(_ slots: [Int], of store: borrowing RowStore, _ workers: Int = 1) throws -> [[Double]] {
  let dimension = store.dimension
  let copies = UnsafeMutablePointer<Double>.allocate(capacity: slots.count * dimension)
  defer { copies.deallocate() }
  copies.initialize(repeating: .nan, count: slots.count * dimension)
  try store.read(slots, into: copies, workers: WorkerThreads(workers))
  return slots.indices.map { Array(UnsafeBufferPointer(start: copies + $0 * dimension, count: dimension)) }
}
