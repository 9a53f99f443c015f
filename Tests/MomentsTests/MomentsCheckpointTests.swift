import TestSupport
import Testing

@testable import Moments
@testable import Samples
@testable import Storage
@testable import Support

@Suite("Checkpoints of moments")
struct MomentsCheckpointTests {
  private static let samples = StreamSamples(classes: 900, dimension: 24, rows: 9 * 4_096, seed: 3)

  private func save(_ moments: ClassMoments, _ folder: TemporaryFolder) throws -> CheckpointReader {
    let path = folder.file("checkpoint")
    try AtomicFile.write(path) { temporary in
      let writer = try CheckpointWriter(temporary, for: path)
      try moments.save(to: writer)
      try writer.finish()
    }
    return try CheckpointReader(path)
  }

  @Test(
    "What goes on from a checkpoint ends with the same bits",
    arguments: [ScalarType.float16, .float64], [WithinScatter.none, .pooled, .pooledSingle])
  func resuming(scalar: ScalarType, within: WithinScatter) throws {
    let whole = Self.samples.moments(scalar, within: within)
    let blocks = Self.samples.blocks(scalar)
    for stop in [1, 4, 8] {
      let folder = try TemporaryFolder()
      let first = ClassMoments(dimension: 24, within: within)
      for block in blocks[..<stop] { try first.fold(block) }
      let second = ClassMoments(dimension: 24, within: within, workers: Workers(3))
      try second.restore(from: save(first, folder))
      #expect(second.samples == first.samples)
      for block in blocks[stop...] { try second.fold(block) }
      #expect(try second.table == whole.table)
    }
  }

  @Test("Means that were set aside are kept too, and may be set aside again")
  func limited() throws {
    let folder = try TemporaryFolder()
    let limit = ResidentLimit(
      rows: ClassMoments.leastResident(dimension: 24, within: .none), folder: folder.path)
    let blocks = Self.samples.blocks(.float32)
    let first = ClassMoments(dimension: 24, limit: limit)
    for block in blocks[..<5] { try first.fold(block) }
    let second = ClassMoments(dimension: 24, workers: Workers(2), limit: limit)
    try second.restore(from: save(first, folder))
    for block in blocks[5...] { try second.fold(block) }
    #expect(try second.table == Self.samples.moments(.float32, within: .none).table)
  }

  @Test("Moments of another dimension or scatter are refused")
  func others() throws {
    let folder = try TemporaryFolder()
    let saved = try save(Self.samples.moments(.float16, within: .none), folder)
    #expect(throws: MomentsError.self) { try ClassMoments(dimension: 23).restore(from: saved) }
    #expect(throws: MomentsError.self) { try ClassMoments(dimension: 24, within: .pooled).restore(from: saved) }
  }
}
