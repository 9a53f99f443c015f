import Testing

@testable import Artefacts
@testable import Moments

@Suite("Memory of a merge")
struct MergePlanTests {
  @Test("A thousand states of a large vocabulary need no more memory than one range per level")
  func large() throws {
    let plan = try MergePlan(
      states: 1_000, dimension: 4_096, classes: 128_000, keepsLowParts: true, within: .none, memory: 1 << 30)
    #expect(plan.statesPerPass >= 1_000)
    #expect(plan.byteCount <= 1 << 30)
    #expect(plan.classesAtOnce >= 32)
    let diagonal = try MergePlan(
      states: 1_000, dimension: 4_096, classes: 128_000, keepsLowParts: true, within: .none, moments: .diagonal,
      memory: 1 << 30)
    // Ranges of as many bytes have two thirds of the classes.
    #expect(diagonal.byteCount <= 1 << 30 && abs(diagonal.classesAtOnce - 2 * plan.classesAtOnce / 3) <= 1)
  }

  @Test(
    "If scatters of all states do not fit, they are merged by subtrees",
    arguments: [WithinScatter.pooled, .pooledSingle])
  func scatters(within: WithinScatter) throws {
    let plan = try MergePlan(
      states: 1_000, dimension: 4_096, classes: 128_000, keepsLowParts: false, within: within, memory: 4 << 30)
    #expect((2..<64).contains(plan.statesPerPass))
    #expect(plan.byteCount <= 4 << 30)
    #expect(plan.classesAtOnce >= PooledScatter.rowsPerUpdate(dimension: 4_096))
  }

  @Test("Memory hardly grows with the number of states", arguments: WithinScatter.allCases)
  func flat(within: WithinScatter) throws {
    func bytes(_ states: Int) throws -> Int {
      try MergePlan(
        states: states, dimension: 1_024, classes: 128_000, keepsLowParts: true, within: within, memory: 64 << 30
      ).byteCount
    }
    // The attributes of a state, and its checksums.
    #expect(try bytes(8_000) - bytes(64) <= 8_000 * 8 << 10)
  }

  @Test("Too little memory is refused with the amount that would suffice")
  func refused() throws {
    func plan(_ memory: Int) throws -> MergePlan {
      try MergePlan(
        states: 10, dimension: 4_096, classes: 128_000, keepsLowParts: true, within: .pooled, memory: memory)
    }
    let error = #expect(throws: MomentsError.self) { try plan(100 << 20) }
    #expect(error?.kind == .outOfMemory)
    let words = try #require(error?.diagnosis.expected.split(separator: " "))
    let mebibytes = try #require(words.compactMap { Int($0) }.first)
    #expect(throws: Never.self) { try plan(mebibytes << 20) }
    #expect(throws: MomentsError.self) { try plan((mebibytes - 1) << 20) }
  }
}
