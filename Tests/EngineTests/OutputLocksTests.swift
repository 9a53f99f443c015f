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
    try await Self.take(outputs.map(folder.file))
  }

  private static func take(_ outputs: [String]) async throws -> OutputLocks {
    try await OutputLocks.take(outputs, run: "r", log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
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

  private static let badInput = StreamError(.nonfinite, file: "a", expected: "", found: "", advice: "")
  private static let noRoom = StreamError(.noRoom, file: "m.h5", expected: "", found: "", advice: "")

  @Test("A run that fails on its input leaves no checkpoint unless it found one; after another failure it stays")
  func failures() async throws {
    let path = folder.path
    for (error, stays) in [(Self.badInput, false), (Self.noRoom, true)] as [(StreamError, Bool)] {
      for before in [false, true] {
        for name in try folder.names { try FileManager.default.removeItem(atPath: folder.file(name)) }
        if before { try folder.write(".m.h5.checkpoint", text: "old") }
        let locks = try await take("m.h5")
        await #expect(throws: StreamError.self) {
          try await locks.holding {
            for name in [".m.h5.checkpoint", OutputFiles.temporary(for: "m.h5")] {
              try Data("new".utf8).write(to: URL(fileURLWithPath: path + "/" + name))
            }
            throw error
          }
        }
        #expect(try folder.names == (stays || before ? [".m.h5.checkpoint"] : []), "\(error.kind) \(before)")
      }
    }
  }

  @Test("An interrupted run leaves its checkpoint")
  func interrupted() async throws {
    let (locks, path) = (try await take("m.h5"), folder.file(".m.h5.checkpoint"))
    await #expect(throws: CancellationError.self) {
      try await locks.holding {
        try Data("new".utf8).write(to: URL(fileURLWithPath: path))
        throw CancellationError()
      }
    }
    #expect(try folder.names == [".m.h5.checkpoint"])
  }

  @Test("Two runs with one output in common exclude each other, and one of the two gets it, in whatever order they ask")
  func common() async throws {
    let locks = try await take("a.json", "same.csv")
    let error = try await #require(throws: StreamError.self) { _ = try await take("same.csv", "b.json") }
    #expect(error.kind == .held && error.diagnosis.file == folder.file("same.csv"))
    #expect(try folder.names == [".a.json.lock", ".same.csv.lock"])
    try await locks.holding {}
    let outputs = ["a.json", "b.json", "c.json"].map(folder.file)
    for _ in 0..<20 {
      async let first = try? Self.take(outputs)
      async let second = try? Self.take(outputs.reversed())
      let both = await [first, second].compactMap { $0 }
      #expect(!both.isEmpty)
      for locks in both { try await locks.holding {} }
    }
    #expect(try folder.names.isEmpty)
  }

  @Test("An output named twice, under any of its names, is one output")
  func twice() async throws {
    try FileManager.default.createSymbolicLink(atPath: folder.file("link.h5"), withDestinationPath: "m.h5")
    try await take("m.h5", "link.h5", "m.h5").holding {}
    #expect(try folder.names == ["link.h5"])
  }

  @Test("Reports into one folder of figures exclude each other, and remove what a killed one left there")
  func figures() async throws {
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    try folder.write(OutputFiles.temporary(for: OutputFiles.figures), text: "x")
    let locks = try await OutputLocks.take(figuresIn: folder.path, run: "first", log: log)
    #expect(try folder.names == ["..figures.lock"])
    let error = try await #require(throws: StreamError.self) {
      _ = try await OutputLocks.take(figuresIn: folder.path + "/.", run: "second", log: log)
    }
    #expect(error.kind == .held && error.diagnosis.found.contains("“first”"))
    try await locks.holding {}
    #expect(try folder.names.isEmpty)
  }
}
