import Foundation
import Logging
import TestSupport
import Testing

@testable import Artefacts
@testable import Engine
@testable import KindsForTests
@testable import Plan

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Running pipelines")
struct PipelineRunTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func stream(rows: Int = 300, dimension: Int = 4) -> [UInt8] {
    var generator = SeededGenerator(1)
    let labels = (0..<rows).map { _ in Int32.random(in: 0..<20, using: &generator) }
    return NPY.batch(labels, (0..<rows * dimension).map { _ in Float(generator.normal()) }, dimension: dimension)
  }

  private static func run(_ stages: String, out: String? = nil, from: String? = nil) async throws -> PipelineRun.Results
  {
    let parameters = out.map { "parameters: { out: \"\($0)\" }\n" } ?? ""
    let graph = try StandardKinds.graph(StandardKinds.parse("\(parameters)stages:\n\(stages)", file: "p.yaml"))
    return try await PipelineRun(graph, from: from, log: log).run()
  }

  @Test("Two consumers of one stream share one read: a pipe, which can be read only once, feeds both")
  func sharedRead() async throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    let bytes = stream(rows: 30_000)
    let writer = Thread { try? Data(bytes).write(to: URL(fileURLWithPath: pipe)) }
    writer.start()
    _ = try await Self.run(
      """
        train: { uses: read, files: "\(pipe)" }
        one: { uses: accumulate, from: train, within: pooled }
        two: { uses: accumulate, from: train }
      """, out: folder.path)
    let (one, two) = (try StateReader(folder.file("one.h5")), try StateReader(folder.file("two.h5")))
    #expect(one.samples == 30_000)
    #expect(try one.table().means == two.table().means)
  }

  /// All permutations of four.
  private static let orders = (0..<256).map { number in [number / 64, number / 16 % 4, number / 4 % 4, number % 4] }
    .filter { Set($0).count == 4 }

  @Test("A pipeline runs completely, in whatever order its stages are written", arguments: orders)
  func anyOrder(order: [Int]) async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    let stages = [
      "  train: { uses: read, files: \"\(folder.file("a.npy"))\" }", "  m: { uses: accumulate, from: train }",
      "  all: { uses: merge, states: [m, m] }", "  g: { uses: measure, moments: all }",
    ]
    let results = try await Self.run(order.map { stages[$0] }.joined(separator: "\n"), out: folder.file("out"))
    #expect(results.first?.measures["tokens"] == .integer(600))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
        == ["all.h5", "g.json", "m.h5", "status.json"])
  }

  @Test("Artefacts without an output are made in scratch space and removed")
  func scratch() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    let results = try await Self.run(
      """
        train: { uses: read, files: "\(folder.file("a.npy"))" }
        m: { uses: accumulate, from: train }
        all: { uses: merge, states: [m, m] }
        g: { uses: measure, moments: all }
      """)
    #expect(results.map(\.stage) == ["g"])
    #expect(results.first?.measures["tokens"] == .integer(600))
    #expect(try folder.names == ["a.npy"])
  }

  @Test("The output folder is created, and each artefact in it has the name of its stage")
  func outputFolder() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    let stages = """
        train: { uses: read, files: "\(folder.file("a.npy"))" }
        m: { uses: accumulate, from: train }
        g: { uses: measure, moments: m, classes: "\(folder.file("classes.csv"))" }
      """
    _ = try await Self.run(stages, out: folder.file("deep/out"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("deep/out")).sorted()
        == ["g.json", "m.h5", "status.json"])
    #expect(try folder.read("classes.csv").count > 100)
    let again = try await Self.run(stages, out: folder.file("deep/out"), from: "g")
    #expect(again.count == 1)
  }

  @Test("Starting from a stage whose inputs do not exist is refused")
  func fromTooEarly() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    await #expect(throws: PipelineError.self) {
      _ = try await Self.run(
        """
          train: { uses: read, files: "\(folder.file("a.npy"))" }
          m: { uses: accumulate, from: train }
          g: { uses: measure, moments: m }
        """, out: folder.path, from: "g")
    }
  }

  @Test("The first error is thrown, the other stages end, and nothing half-written is left")
  func firstError() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream(rows: 40_000))
    let error = await #expect(throws: (any Error).self) {
      _ = try await Self.run(
        """
          train: { uses: read, files: "\(folder.file("a.npy"))" }
          good: { uses: accumulate, from: train }
          bad: { uses: accumulate, from: train, vocabulary: 7 }
        """, out: folder.file("out"))
    }
    #expect("\(try #require(error))".contains("expected a label below 7"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("out")) == ["status.json"])
  }

  @Test("Cancelling a run that waits for a silent pipe ends it")
  func cancelled() async throws {
    let folder = try TemporaryFolder()
    let pipe = try folder.makePipe("pipe")
    // Opened for reading and writing, so that neither end waits and the stream does not end.
    let held = open(pipe, O_RDWR)
    defer { close(held) }
    let out = folder.file("out")
    let task = Task {
      try await Self.run(
        "  train: { uses: read, files: \"\(pipe)\" }\n  m: { uses: accumulate, from: train }", out: out)
    }
    try await Task.sleep(for: .milliseconds(300))
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(try FileManager.default.contentsOfDirectory(atPath: out).allSatisfy { $0 == "status.json" })
  }
}
