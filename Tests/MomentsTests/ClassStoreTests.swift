import TestSupport
import Testing

@testable import Moments
@testable import Storage
@testable import Support

@Suite("Class store")
struct ClassStoreTests {
  /// A store of classes 40, 7 and 9 whose means are 3 numbers about the token, with n = token and M2 = token / 2.
  private func filled(limit: ResidentLimit? = nil, carrying: Bool = false) throws -> ClassStore {
    let store = ClassStore(dimension: 3, limit: limit)
    if carrying { store.carry() }
    for (token, slot) in zip([40, 7, 9] as [Int32], store.slots(for: [40, 7, 9])) {
      try store.bring([slot], workers: Workers(1))
      let mean = store.mean(slot)
      for feature in 0..<3 {
        mean.centre[feature] = Double(token) + Double(feature) / 4
        mean.carry?[feature] = Double(feature) * 1e-20
      }
      store.counts[slot] = Int(token)
      store.m2[slot] = Double(token) / 2
    }
    return store
  }

  private func expectClasses(_ store: ClassStore, carrying: Bool = false) throws {
    let rows = try store.rows(store.slots.ascending[...], workers: Workers(2))
    #expect(rows.tokens == [7, 9, 40])
    #expect(rows.counts == [7, 9, 40])
    #expect(rows.m2 == [3.5, 4.5, 20])
    #expect(rows.means.elements == [7, 7.25, 7.5, 9, 9.25, 9.5, 40, 40.25, 40.5])
    #expect(rows.carry?.elements == (carrying ? [0, 1e-20, 2e-20, 0, 1e-20, 2e-20, 0, 1e-20, 2e-20] : nil))
  }

  @Test("Classes have a slot each in the order in which they came, and come out in the order asked for")
  func order() throws {
    let store = try filled()
    #expect(store.classes == 3)
    #expect(store.slots(for: [9, 40, 7]) == [2, 0, 1])
    try expectClasses(store)
  }

  @Test("With room for one mean, all of them are there", arguments: [false, true])
  func limited(carrying: Bool) throws {
    let folder = try TemporaryFolder()
    let store = try filled(limit: ResidentLimit(rows: 1, folder: folder.path), carrying: carrying)
    #expect(store.atOnce == 1)
    try expectClasses(store, carrying: carrying)
  }

  @Test(
    "What is saved is restored, whether means are in memory or set aside", arguments: [false, true], [false, true])
  func checkpoint(carrying: Bool, isLimited: Bool) throws {
    let folder = try TemporaryFolder()
    let limit = isLimited ? ResidentLimit(rows: 2, folder: folder.path) : nil
    let path = try folder.write("a.checkpoint", [])
    let writer = try CheckpointWriter(path, for: path)
    try filled(limit: limit, carrying: carrying).save(to: writer, workers: Workers(2))
    try writer.finish()
    let store = ClassStore(dimension: 3, limit: limit)
    try store.restore(from: CheckpointReader(path), workers: Workers(2))
    try expectClasses(store, carrying: carrying)
  }

  @Test("A class that came to a group of rows has no samples yet, and no mean")
  func grouping() throws {
    let store = try filled()
    var groups = RowGroups()
    ([9, 1, 9] as [Int32]).withUnsafeBufferPointer { store.group($0, in: &groups) }
    #expect(groups.slots == [2, 3])
    #expect(store.counts == [40, 7, 9, 0])
    #expect((0..<3).map { store.mean(3).centre[$0] } == [0, 0, 0])
  }
}
