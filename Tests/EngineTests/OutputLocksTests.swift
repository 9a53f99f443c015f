import Foundation
import Logging
import TestSupport
import Testing

@testable import Engine
@testable import Storage

@Suite("Locks on the outputs of a run")
struct OutputLocksTests {
  private struct Failure: Error {}

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func take(_ outputs: String...) async throws -> OutputLocks {
    try await OutputLocks.take(
      outputs.map(folder.file), run: "r", log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// What a run of 0.1.0 leaves if it is killed while it writes a checkpoint.
  private func leave(_ output: String) throws {
    for name in [".\(output).checkpoint", ".\(output).checkpoint.previous"] { try folder.write(name, text: "x") }
    try folder.write("..\(output).checkpoint.3w5e11264sgsf.partial", text: "x")
  }

  @Test("A run that has the locks removes temporary files at its start; checkpoints only once it succeeds")
  func removes() async throws {
    try leave("m.h5")
    try leave("other.h5")
    let others = try folder.names.filter { $0.contains("other") }
    let locks = try await take("m.h5", "d.h5")
    let checkpoints = [".m.h5.checkpoint", ".m.h5.checkpoint.previous"]
    #expect(try folder.names == (others + checkpoints + [".d.h5.lock", ".m.h5.lock"]).sorted())
    await #expect(throws: Failure.self) { try await locks.holding { throw Failure() } }
    #expect(try folder.names == (others + checkpoints).sorted())
    try await take("m.h5", "d.h5").holding {}
    #expect(try folder.names == others)
  }

  @Test("A run whose lock another has taken removes nothing")
  func taken() async throws {
    let locks = try await take("m.h5")
    try folder.write(".m.h5.checkpoint", text: "x")
    let other = LockRecord(run: "other").bytes
    let path = folder.file(".m.h5.lock")
    try await locks.holding { try Data(other).write(to: URL(fileURLWithPath: path)) }
    #expect(try folder.names == [".m.h5.checkpoint", ".m.h5.lock"])
  }
}
