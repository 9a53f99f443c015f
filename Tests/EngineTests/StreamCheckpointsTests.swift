import Logging
import TestSupport
import Testing

@testable import Engine
@testable import Formats
@testable import Storage

@Suite("Resuming stages in the middle of a stream")
struct StreamCheckpointsTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Four blocks; one feature of the third may be changed.
  private static func stream(_ folder: TemporaryFolder, _ name: String, rows: Int = 110_000, third: Float = 1) throws
    -> [String]
  {
    var features = (0..<rows).map { Float($0 % 13) }
    features[70_000] = third
    return [try folder.write(name, NPY.batch(features.map { Int32($0) }, features, dimension: 1))]
  }

  private static func blocks(_ inputs: [String]) throws -> [StreamedBlock] {
    let reader = EmbeddingReader(inputs: inputs, options: ReadOptions())
    var blocks: [StreamedBlock] = []
    while let block = try reader.next() { blocks.append(StreamedBlock(block: block, position: reader.position)) }
    return blocks
  }

  private static func open(_ folder: TemporaryFolder, _ inputs: [String]) throws -> StreamCheckpoints {
    try StreamCheckpoints(
      CheckpointStore(output: folder.file("m.h5"), stage: "m", log: log), fingerprint: [:], inputs: InputStamps(inputs),
      every: nil, restarts: false, requests: CheckpointRequests())
  }

  /// A checkpoint after the third block.
  private static func keep(_ folder: TemporaryFolder, _ inputs: [String]) throws {
    var checkpoints = try open(folder, inputs)
    for streamed in try blocks(inputs).prefix(3) {
      #expect(try !checkpoints.hasTaken(streamed))
      checkpoints.note(streamed) { _ in }
    }
    checkpoints.keep { _ in }
    checkpoints.store.finish()
  }

  @Test("Blocks that a stage already has are skipped, if the stream begins earlier for another stage")
  func passesOver() throws {
    let folder = try TemporaryFolder()
    let inputs = try Self.stream(folder, "a.npy")
    try Self.keep(folder, inputs)
    var checkpoints = try Self.open(folder, inputs)
    #expect(try Self.blocks(inputs).map { try checkpoints.hasTaken($0) } == [true, true, true, false])
    try checkpoints.checkPassed()
  }

  @Test("Skipped blocks that differ from those taken are refused, and so is a stream that ends before")
  func refusesOthers() throws {
    let folder = try TemporaryFolder()
    try Self.keep(folder, try Self.stream(folder, "a.npy"))
    let changed = try Self.blocks(try Self.stream(folder, "a.npy", third: 2))
    var checkpoints = try Self.open(folder, [folder.file("a.npy")])
    #expect(try checkpoints.hasTaken(changed[0]))
    #expect(try checkpoints.hasTaken(changed[1]))
    let error = #expect(throws: StreamError.self) { try checkpoints.hasTaken(changed[2]) }
    #expect(
      error?.diagnosis.description.contains("the samples of the interrupted run, found different samples") == true)
    var short = try Self.open(folder, [folder.file("a.npy")])
    #expect(try short.hasTaken(changed[0]))
    #expect(throws: StreamError.self) { try short.checkPassed() }
  }

  @Test("When a run fails, existing checkpoints are updated, and none are created")
  func fails() throws {
    let folder = try TemporaryFolder()
    let inputs = try Self.stream(folder, "a.npy")
    let blocks = try Self.blocks(inputs)
    var checkpoints = try Self.open(folder, inputs)
    checkpoints.note(blocks[0]) { _ in }
    checkpoints.bringUpToDate { _ in }
    checkpoints.store.finish()
    #expect(try folder.names == ["a.npy"])
    checkpoints.keep { _ in }
    checkpoints.note(blocks[1]) { _ in }
    checkpoints.bringUpToDate { _ in }
    checkpoints.store.finish()
    #expect(try Self.open(folder, inputs).resumed == blocks[1].position)
  }

  @Test("A stream begins where the slowest stage is, and is read from the start if it was touched since")
  func begins() throws {
    let folder = try TemporaryFolder()
    let inputs = try Self.stream(folder, "a.npy")
    let (then, positions) = (InputStamps(inputs), try Self.blocks(inputs).map(\.position))
    _ = try Self.stream(folder, "a.npy")
    let now = InputStamps(inputs)
    func header(_ block: Int, _ inputs: InputStamps) throws -> CheckpointStore.Header {
      .init(fingerprint: [:], inputs: inputs, position: try #require(positions[block]))
    }
    func begin(_ found: [CheckpointStore.Header?]) throws -> String {
      switch try StreamStart(found, now) {
      case .beginning: "beginning"
      case .after(let position): "after \(position.rows)"
      case .again(let position): "again \(position.rows)"
      }
    }
    let rows = try positions.map { try #require($0).rows }
    #expect(try begin([try header(2, now), try header(0, then)]) == "again \(rows[0])")
    #expect(try begin([try header(2, then), try header(0, now)]) == "after \(rows[0])")
    #expect(try begin([try header(2, now), nil]) == "beginning")
  }

  @Test("Stages at the same position with different samples do not resume together")
  func together() throws {
    let folder = try TemporaryFolder()
    let first = try Self.blocks(try Self.stream(folder, "a.npy"))[2].position
    let second = try Self.blocks(try Self.stream(folder, "a.npy", third: 2))[2].position
    let stamps = InputStamps([folder.file("a.npy")])
    let headers = try [first, second].map {
      CheckpointStore.Header(fingerprint: [:], inputs: stamps, position: try #require($0))
    }
    #expect(throws: StreamError.self) { try StreamStart(headers, stamps) }
    _ = try StreamStart([headers[0], headers[0]], stamps)
  }
}
