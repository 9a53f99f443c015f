import TestSupport
import Testing

@testable import Artefacts
@testable import Moments
@testable import Support

@Suite("Subtrees of states")
struct SubtreeMergeTests {
  /// This many states of one sample each: state i has i for class 3, and −i for a class of its own.
  private func states(_ count: Int, _ folder: TemporaryFolder) throws -> [StateReader] {
    try (0..<count).map { number in
      let state = HandmadeState(
        dimension: 1, tokens: [3, Int32(4 + number)], counts: [1, 1], m2: [0, 0],
        means: [Double(number), -Double(number)], vocabulary: 100, digest: "\(number)")
      return try StateReader(state.write(to: folder.file("\(number).h5")))
    }
  }

  @Test(
    "With any scratch use, the result has the bytes of one pass, every byte is reported once, and nothing stays",
    arguments: 1...9, [2, 4])
  func whole(count: Int, statesPerPass: Int) throws {
    let (folder, aside) = (try TemporaryFolder(), try TemporaryFolder())
    let states = try states(count, folder)
    func write(_ name: String, statesPerPass: Int) throws -> (summary: StateMerge.Summary, bytes: Int) {
      let subtrees = SubtreeMerge(
        states: states, plan: MergePlan(statesPerPass: statesPerPass, classesAtOnce: 20), workers: WorkerThreads(1),
        folder: aside.path)
      var bytes = 0
      let summary = try subtrees.write(0..<count, to: folder.file(name), for: name) { bytes += $0 }
      return (summary, bytes)
    }
    let found = try write("parts", statesPerPass: statesPerPass)
    #expect(found.summary == StateMerge.Summary(classes: count + 1, samples: 2 * count))
    #expect(found.bytes == states.reduce(0) { $0 + $1.byteCount })
    #expect(try aside.names.isEmpty)
    _ = try write("whole", statesPerPass: 16)
    #expect(try folder.read("parts") == folder.read("whole"))
    let table = try StateReader(folder.file("parts")).table()
    #expect(table.counts[0] == count && table.tokens.last == Int32(3 + count))
    // The mean and the M2 of 0, 1, … n − 1.
    let n = Double(count)
    #expect(abs(table.means.elements[0] - (n - 1) / 2) <= 1e-14 && abs(table.m2[0] - n * (n * n - 1) / 12) <= 1e-12)
  }

  @Test("A part of the states is merged as if it were alone")
  func part() throws {
    let (folder, aside) = (try TemporaryFolder(), try TemporaryFolder())
    let subtrees = SubtreeMerge(
      states: try states(7, folder), plan: MergePlan(statesPerPass: 2, classesAtOnce: 20), workers: WorkerThreads(1),
      folder: aside.path)
    _ = try subtrees.write(4..<7, to: folder.file("out"), for: "out") { _ in }
    let state = try StateReader(folder.file("out"))
    #expect(state.provenance.parts == 3)
    #expect(state.provenance.samplesDigest == MergeTree.digest(["4", "5", "6"]))
    #expect(try state.table().tokens == [3, 8, 9, 10])
    #expect(try state.table().means.elements == [5, -4, -5, -6])
  }
}
