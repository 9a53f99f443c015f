import TestSupport
import Testing

@testable import Artefacts
@testable import Moments
@testable import Support

@Suite("Passes over states")
struct MergePassTests {
  /// Three states of small integers: 4 is in the first two, 5 in the last two, 4 097 in all of them, 9 only in the
  /// last.
  private let states = [
    HandmadeState(
      tokens: [4, 4_097], counts: [2, 1], m2: [3, 0], means: [1, 2, 8, 8], scatter: [2, 0, 0, 1], vocabulary: 5_000),
    HandmadeState(
      tokens: [4, 5, 4_097], counts: [2, 3, 1], m2: [1, 2, 0], means: [5, 0, 1, 1, 6, 4], scatter: [1, 1, 1, 2],
      vocabulary: 5_000),
    HandmadeState(
      tokens: [5, 9, 4_097], counts: [1, 7, 2], m2: [0, 6, 4], means: [5, 9, 2, 3, 7, 2], scatter: [8, 0, 0, 2],
      vocabulary: 5_000),
  ]

  private func readers(_ folder: TemporaryFolder) throws -> [StateReader] {
    try states.enumerated().map { try StateReader($1.write(to: folder.file("\($0).h5"))) }
  }

  private func provenance(_ states: [StateReader]) -> Provenance { Provenance(merging: states.map(\.provenance)) }

  @Test("Means, M2 and scatter are those of all samples: by hand, for any ranges", arguments: [2_048, 5_000])
  func byHand(classesAtOnce: Int) throws {
    let folder = try TemporaryFolder()
    let states = try readers(folder)
    let plan = MergePlan(statesPerPass: 4, classesAtOnce: classesAtOnce)
    let out = folder.file("out.h5")
    let summary = try MergePass(states, plan: plan, workers: WorkerThreads(2)).write(out, for: out, provenance(states))
    { _ in
    }
    #expect(summary == StateMerge.Summary(classes: 4, samples: 19))
    let table = try StateReader(out).table()
    #expect(table.tokens == [4, 5, 9, 4_097] && table.counts == [4, 4, 7, 4])
    // 4: two about (1, 2) and two about (5, 0): δ = (4, −2), n_a·n_b/n = 1. 5: three and one, δ = (4, 8), 3/4.
    // 4 097: (8, 8) and (6, 4), δ = (−2, −4), 1/2; then two about (7, 6) and two about (7, 2), δ = (0, −4), 1.
    // M2: 3 + 1 + 20, 2 + 0 + 60, 6, 0 + 0 + 10 + 4 + 16.
    #expect(table.means.elements == [3, 1, 2, 3, 2, 3, 7, 4] && table.lowPart == nil)
    #expect(table.m2 == [24, 62, 6, 30])
    let scatter = try #require(table.withinScatter).elements
    let own: [Double] = [11, 1, 1, 5]
    let joins: [[Double]] = [[16, -8, -8, 4], [12, 24, 24, 48], [2, 4, 4, 8], [0, 0, 0, 16]]
    let expected = own.indices.map { place in joins.reduce(own[place]) { $0 + $1[place] } }
    #expect(zip(scatter, expected).allSatisfy { abs($0 - $1) <= 1e-13 * 80 } && scatter.count == 4)
  }

  @Test("Each piece is reported with its bytes, and they add up to the size of the states")
  func bytes() throws {
    let folder = try TemporaryFolder()
    let states = try readers(folder)
    var pieces: [Int] = []
    try _ = MergePass(states, plan: MergePlan(statesPerPass: 4, classesAtOnce: 2_048), workers: WorkerThreads(1)).write(
      folder.file("out.h5"), for: "out.h5", provenance(states)
    ) { pieces.append($0) }
    // A class has a token, a count, an M2 and a mean: 4 + 8 + 8 + 16; the scatter has four numbers.
    #expect(pieces == [0, 0, 0, 36 * 2, 36 * 3, 36 * 3, 32, 32, 32])
    #expect(pieces.reduce(0, +) == states.reduce(0) { $0 + $1.byteCount })
  }

  @Test("A progress callback may stop the merge at any piece", arguments: 0..<9)
  func stop(piece: Int) throws {
    let folder = try TemporaryFolder()
    let states = try readers(folder)
    var told = 0
    #expect(throws: NonfiniteRow(row: piece)) {
      try MergePass(states, plan: MergePlan(statesPerPass: 4, classesAtOnce: 5_000), workers: WorkerThreads(1)).write(
        folder.file("out.h5"), for: "out.h5", provenance(states)
      ) { _ in
        if told == piece { throw NonfiniteRow(row: piece) }
        told += 1
      }
    }
  }

  @Test("A state that changed after it was opened is refused")
  func changed() throws {
    let folder = try TemporaryFolder()
    let states = try readers(folder)
    var other = self.states[1]
    other.means[0] = 6
    try other.write(to: states[1].name)
    expectBadState(mentioning: [states[1].name, "attribute checksum"]) {
      _ = try MergePass(states, plan: MergePlan(statesPerPass: 4, classesAtOnce: 5_000), workers: WorkerThreads(1))
        .write(
          folder.file("out.h5"), for: "out.h5", provenance(states)
        ) { _ in }
    }
  }
}
