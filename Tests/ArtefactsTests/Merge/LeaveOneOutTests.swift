import TestSupport
import Testing

@testable import Artefacts
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Merges of all states but one")
struct LeaveOneOutTests {
  private let folder: TemporaryFolder
  private let names: [String]

  /// Eleven states of float32 features. The fourth alone has class 99.
  init() throws {
    folder = try TemporaryFolder()
    let samples = ClassSamples(classes: 40, dimension: 5, rows: 1_100, seed: 1)
    names = try (0..<11).map { [folder] part in
      var rows = samples.reordered(Array(part * 100..<part * 100 + 50 + 5 * part))
      if part == 3 { rows.relabel { $0 == 7 ? 99 : Int32($0 % 40) } }
      let file = folder.file("\(part).h5")
      try rows.moments(.float32, within: .pooled).write(
        to: file,
        Provenance(
          madeBy: "accumulate", vocabulary: 100, vocabularyWasGiven: true, skipped: 0, features: ["float32"],
          parts: 1, samplesDigest: "\(part)"))
      return file
    }
  }

  private func merges(
    statesPerPass: Int = 16, workers: Int = 1, checkpoint: @escaping () throws -> Void = {}
  ) throws -> LeaveOneOut {
    try LeaveOneOut(
      StateMerge(names).states, plan: MergePlan(statesPerPass: statesPerPass, classesAtOnce: 2_048),
      scratch: folder.path, for: nil, workers: WorkerThreads(workers), checkpoint: checkpoint)
  }

  /// The merge of some states through a file.
  private func merged(_ names: [String]) throws -> HeldState {
    let merge = try StateMerge(names)
    _ = try merge.write(to: folder.file("merged.h5"), plan: merge.plan(memory: 1 << 30), scratch: folder.path)
    return try HeldState(reading: folder.file("merged.h5"))
  }

  @Test("Each is the merge of the others, in order, for any number of states", arguments: [2, 3, 8, 11])
  func others(count: Int) throws {
    var left: [Int] = []
    try merges().forEach(ofFirst: count) { part, held in
      left.append(part)
      let expected = try merged(names.indices.prefix(count).filter { $0 != part }.map { names[$0] })
      expectClose(held.table, expected.table, within: 1e-12)
      #expect(held.table.tokens.contains(99) == (part != 3 && count > 3))
    }
    #expect(left == Array(0..<count))
  }

  @Test("The whole is that of the file, to the checksum; so is a prefix")
  func whole() throws {
    for statesPerPass in [2, 16] {
      let merges = try merges(statesPerPass: statesPerPass)
      let (all, expected) = (try merges.whole(), try merged(names))
      #expect(all.checksum == expected.checksum && all.table == expected.table)
      #expect(all.provenance == expected.provenance)
      #expect(try merges.whole(ofFirst: 3).checksum == merged(Array(names.prefix(3))).checksum)
    }
  }

  @Test("Any number of threads and states per pass gives the same bits")
  func bits() throws {
    func all(_ statesPerPass: Int, _ workers: Int) throws -> [String] {
      var sums: [String] = []
      try merges(statesPerPass: statesPerPass, workers: workers).forEach(ofFirst: 11) { sums.append($1.checksum) }
      return sums
    }
    let plain = try all(16, 1)
    // The tree of a merge is the same in passes; digests name the samples.
    #expect(try all(16, 2) == plain)
    #expect(try all(2, 3) == plain)
  }

  @Test("What is set aside is gone at the end, and when a merge is stopped at any piece")
  func stopped() throws {
    let before = try folder.names
    try merges(statesPerPass: 2).forEach(ofFirst: 11) { _, _ in }
    #expect(try folder.names == before)
    for piece in [0, 5, 60, 200] {
      var told = 0
      #expect(throws: NonfiniteRow.self) {
        try merges(statesPerPass: 2) {
          if told == piece { throw NonfiniteRow(row: piece) }
          told += 1
        }.forEach(ofFirst: 11) { _, _ in }
      }
      #expect(try folder.names == before)
    }
  }
}
