import Foundation
import Logging
import TestSupport
import Testing

@testable import Engine
@testable import Formats
@testable import Storage
@testable import Support

@Suite("Disk space for checkpoints")
struct CheckpointSpaceTests {
  private let folder: TemporaryFolder
  private let store: CheckpointStore
  private static let names = [".m.h5.checkpoint", ".m.h5.checkpoint.previous"]

  /// Two checkpoints.
  init() throws {
    folder = try TemporaryFolder()
    store = CheckpointStore(
      output: folder.file("m.h5"), stage: "m", log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let path = try folder.write("s.npy", NPY.batch([1, 2], [1, 2], dimension: 1))
    let reader = EmbeddingReader(inputs: [path], options: ReadOptions())
    _ = try reader.next()
    let position = try #require(reader.position)
    for _ in 0..<2 {
      store.save(CheckpointStore.Header(fingerprint: [:], inputs: InputStamps([path]), position: position)) { _ in }
    }
    store.finish()
  }

  /// Has room only if some of the checkpoints are gone.
  private func write(needingAwayWith names: [String]) throws {
    let there = try folder.names
    guard names.allSatisfy({ !there.contains($0) }) else {
      throw StreamError(.noRoom, Diagnosis(expected: "room", found: "none", advice: "make room, or write elsewhere"))
    }
  }

  @Test("The previous checkpoint is deleted if that makes enough room; neither is if there is enough already")
  func previous() throws {
    try store.writeArtefact { try write(needingAwayWith: []) }
    #expect(try Set(Self.names).isSubset(of: folder.names))
    try store.writeArtefact { try write(needingAwayWith: [Self.names[1]]) }
    #expect(try folder.names == [Self.names[0], "s.npy"])
  }

  @Test("The last one stays, and the error says how much it needs and how to resume from another folder")
  func last() throws {
    let size = try folder.read(Self.names[0]).count
    #expect(store.bytes == 2 * size)
    let error = #expect(throws: StreamError.self) {
      try store.writeArtefact { try write(needingAwayWith: Self.names) }
    }
    let advice = try #require(error).diagnosis.advice
    #expect(advice.contains("\(folder.file(Self.names[0])) (\(ByteCount.describe(size)))"))
    #expect(advice.contains("move it to FOLDER/.m.h5.checkpoint") && advice.contains("--output FOLDER/m.h5"))
    #expect(try folder.names == [Self.names[0], "s.npy"])
  }

  @Test("The previous one stays if the last is damaged")
  func damaged() throws {
    var bytes = try folder.read(Self.names[0])
    bytes[bytes.count / 2] ^= 1
    try folder.write(Self.names[0], bytes)
    #expect(throws: StreamError.self) { try store.writeArtefact { try write(needingAwayWith: Self.names) } }
    #expect(try folder.names == Self.names + ["s.npy"])
  }
}
