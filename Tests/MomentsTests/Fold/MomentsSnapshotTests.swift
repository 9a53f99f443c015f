import TestSupport
import Testing

@testable import Moments
@testable import Samples
@testable import Support

@Suite("Moments saved and restored")
struct MomentsSnapshotTests {
  private static let samples = ClassSamples(classes: 900, dimension: 24, rows: 9 * 4_096, seed: 3)

  private func save(_ moments: ClassMoments) throws -> MemorySnapshot {
    let saved = MemorySnapshot()
    try moments.save(to: saved)
    return saved
  }

  @Test(
    "Continuing from saved moments ends with the same bits",
    arguments: [ScalarType.float16, .float64], [WithinScatter.none, .pooled, .pooledSingle])
  func resuming(scalar: ScalarType, within: WithinScatter) throws {
    let whole = try Self.samples.moments(scalar, within: within)
    let blocks = Self.samples.blocks(scalar)
    for stop in [1, 4, 8] {
      let first = ClassMoments(dimension: 24, within: within)
      for block in blocks[..<stop] { try first.fold(block) }
      let second = ClassMoments(dimension: 24, within: within, workers: WorkerThreads(3))
      try second.restore(from: save(first))
      #expect(second.samples == first.samples)
      for block in blocks[stop...] { try second.fold(block) }
      #expect(try second.table == whole.table)
    }
  }

  @Test("Means that were set aside are saved too, and may be set aside again")
  func limited() throws {
    let limit = ResidentLimit.rows(ClassMoments.leastResident(dimension: 24, within: .none))
    let blocks = Self.samples.blocks(.float32)
    let first = ClassMoments(dimension: 24, limit: limit)
    for block in blocks[..<5] { try first.fold(block) }
    let second = ClassMoments(dimension: 24, workers: WorkerThreads(2), limit: limit)
    try second.restore(from: save(first))
    for block in blocks[5...] { try second.fold(block) }
    #expect(try second.table == Self.samples.moments(.float32, within: .none).table)
  }

  @Test("Moments with another dimension or scatter are refused")
  func others() throws {
    let saved = try save(Self.samples.moments(.float16, within: .none))
    #expect(throws: MemorySnapshot.Refusal.self) { try ClassMoments(dimension: 23).restore(from: saved) }
    #expect(throws: MemorySnapshot.Refusal.self) {
      try ClassMoments(dimension: 24, within: .pooled).restore(from: saved)
    }
  }
}
