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
    let whole = try Self.samples.moments(scalar, within: within, moments: .diagonal)
    let blocks = Self.samples.blocks(scalar)
    for stop in [1, 4, 8] {
      let first = ClassMoments(dimension: 24, within: within, moments: .diagonal)
      for block in blocks[..<stop] { try first.fold(block) }
      let second = ClassMoments(dimension: 24, within: within, moments: .diagonal, workers: WorkerThreads(3))
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
    for moments in SecondMoments.allCases {
      let first = ClassMoments(dimension: 24, moments: moments, limit: limit)
      for block in blocks[..<5] { try first.fold(block) }
      let second = ClassMoments(dimension: 24, moments: moments, workers: WorkerThreads(2), limit: limit)
      try second.restore(from: save(first))
      for block in blocks[5...] { try second.fold(block) }
      #expect(try second.table == Self.samples.moments(.float32, within: .none, moments: moments).table)
    }
  }

  @Test("Moments with another dimension or scatter, or with other second moments, are refused")
  func others() throws {
    let saved = try save(Self.samples.moments(.float16, within: .none))
    #expect(throws: MemorySnapshot.Refusal.self) { try ClassMoments(dimension: 23).restore(from: saved) }
    #expect(throws: MemorySnapshot.Refusal.self) {
      try ClassMoments(dimension: 24, within: .pooled).restore(from: saved)
    }
    #expect(throws: MemorySnapshot.Refusal.self) {
      try ClassMoments(dimension: 24, moments: .diagonal).restore(from: saved)
    }
    let diagonal = try save(Self.samples.moments(.float16, within: .none, moments: .diagonal))
    #expect(throws: MemorySnapshot.Refusal.self) { try ClassMoments(dimension: 24).restore(from: diagonal) }
  }

  /// Changes of one section of saved moments of dimension 2, with classes of token 3 and 7, that no moments have.
  private static let impossible: [(String, @Sendable (MemorySnapshot) throws -> Void)] = [
    ("a negative token", { try $0.section("token", [-3, 7] as [Int32]) }),
    ("a token twice", { try $0.section("token", [7, 7] as [Int32]) }),
    ("counts that overflow", { try $0.section("count", [Int.max, 2]) }),
    ("a count of 0", { try $0.section("count", [0, 3]) }), ("a negative count", { try $0.section("count", [-1, 4]) }),
    ("counts of another sum", { try $0.section("count", [1, 1]) }),
    ("a negative M2", { try $0.section("m2", [-1.0, 0]) }), ("an M2 of NaN", { try $0.section("m2", [0, .nan]) }),
    ("a mean of NaN", { try $0.section("mean", [1, 2, .nan, 4]) }),
    ("an infinite low part", { try $0.section("carry", [0, 0, 0, Double.infinity]) }),
    ("a low part of another size", { try $0.section("carry", [0.0]) }),
    ("a negative second moment", { try $0.section("diagonal", [0, 0, 2, -2.0]) }),
    ("an infinite second moment", { try $0.section("diagonal", [0, 0, 2, Double.infinity]) }),
    ("second moments of another size", { try $0.section("diagonal", [0.0, 0, 2]) }),
    ("a scatter of NaN", { try $0.section("scatter", [1, 0, 0, Double.nan]) }),
    ("more classes than bytes", { try $0.section("moments", [2, 3, 1 << 62]) }),
    ("a negative number of classes", { try $0.section("moments", [2, 3, -1]) }),
    ("samples beyond the counts", { try $0.section("moments", [2, Int.max, 2]) }),
  ]

  @Test("Impossible numbers are refused, never folded on", arguments: impossible.indices)
  func impossibleNumbers(index: Int) throws {
    let moments = ClassMoments(dimension: 2, within: .pooled, moments: .diagonal)
    let builder = try BlockBuilder(dimension: 2, scalar: .float32, firstRow: 0, pool: BlockPool())
    for (label, row) in [(3, [1, 2]), (7, [3, 4]), (7, [5, 6])] as [(Int32, [Float])] {
      let target = builder.next(1)
      target.labels[0] = label
      target.predictions[0] = Block.noPrediction
      row.withUnsafeBytes { builder.keep(0..<1).copyMemory(from: $0) }
      builder.commit(1, source: "s", firstRow: 0)
    }
    try moments.fold(builder.finish())
    let saved = try save(moments)
    try ClassMoments(dimension: 2, within: .pooled, moments: .diagonal).restore(from: saved)
    try Self.impossible[index].1(saved)
    #expect(throws: MemorySnapshot.Refusal.self, "\(Self.impossible[index].0)") {
      try ClassMoments(dimension: 2, within: .pooled, moments: .diagonal).restore(from: saved)
    }
  }
}
