import TestSupport
import Testing

@testable import Moments
@testable import Support

@Suite("Class store")
struct ClassStoreTests {
  /// A store of classes 40, 7 and 9 whose means are 3 numbers near the token, with n = token and M2 = token / 2.
  private func filled(
    _ moments: SecondMoments = .trace, limit: ResidentLimit? = nil, carrying: Bool = false
  ) throws -> ClassStore {
    let store = ClassStore(dimension: 3, moments: moments, limit: limit)
    if carrying { store.keepLowParts() }
    for (token, slot) in zip([40, 7, 9] as [Int32], try store.slots(for: [40, 7, 9])) {
      try store.bring([slot], workers: WorkerThreads(1))
      let row = store.row(slot)
      for feature in 0..<3 {
        row.centre[feature] = Double(token) + Double(feature) / 4
        row.lowPart?[feature] = Double(feature) * 1e-20
        row.diagonal?[feature] = Double(token) / 6
      }
      store.counts[slot] = Int(token)
      store.m2[slot] = Double(token) / 2
    }
    return store
  }

  private func expectClasses(_ store: ClassStore, _ moments: SecondMoments = .trace, carrying: Bool = false) throws {
    let rows = try store.rows(store.slots.ascending[...], workers: WorkerThreads(2))
    #expect(rows.tokens == [7, 9, 40])
    #expect(rows.counts == [7, 9, 40])
    #expect(rows.m2 == [3.5, 4.5, 20])
    #expect(rows.means.elements == [7, 7.25, 7.5, 9, 9.25, 9.5, 40, 40.25, 40.5])
    #expect(rows.lowPart?.elements == (carrying ? [0, 1e-20, 2e-20, 0, 1e-20, 2e-20, 0, 1e-20, 2e-20] : nil))
    let diagonal = [7.0, 9, 40].flatMap { [$0 / 6, $0 / 6, $0 / 6] }
    #expect(rows.diagonal?.elements == (moments == .diagonal ? diagonal : nil))
  }

  @Test("Classes come out in the requested order, however many means fit in memory", arguments: [nil, 1, 2])
  func order(room: Int?) throws {
    for (carrying, moments) in [(false, .trace), (true, .trace), (true, .diagonal)] as [(Bool, SecondMoments)] {
      let store = try filled(moments, limit: room.map { .rows($0) }, carrying: carrying)
      #expect(store.classes == 3)
      try expectClasses(store, moments, carrying: carrying)
    }
  }

  @Test(
    "A saved store is restored, whether means are in memory or set aside", arguments: [false, true], [nil, 2])
  func snapshot(carrying: Bool, room: Int?) throws {
    for moments in SecondMoments.allCases {
      let saved = MemorySnapshot()
      try filled(moments, limit: room.map { .rows($0) }, carrying: carrying).save(to: saved, workers: WorkerThreads(2))
      let store = ClassStore(dimension: 3, moments: moments, limit: room.map { .rows($0) })
      try store.restore(from: saved, samples: 56, workers: WorkerThreads(2))
      try expectClasses(store, moments, carrying: carrying)
    }
  }

  @Test("A class that has just joined a group of rows has no samples yet, and a mean of zero")
  func grouping() throws {
    let store = try filled()
    var groups = RowGroups()
    try ([9, 1, 9] as [Int32]).withUnsafeBufferPointer { try store.group($0, in: &groups) }
    let rows = try store.rows(groups.slots[...], workers: WorkerThreads(1))
    #expect(rows.tokens == [9, 1] && rows.counts == [9, 0])
    #expect(rows.means[row: 1] == [0, 0, 0])
  }
}
