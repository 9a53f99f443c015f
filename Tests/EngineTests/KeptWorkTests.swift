import Foundation
import Logging
import Storage
import TestSupport
import Testing

@testable import Engine
@testable import KindsForTests

@Suite("What a run keeps")
struct KeptWorkTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a.npy", NPY.batch([1, 1, 2], [1, 2, 3], dimension: 1))
  }

  private func run(_ reuse: PipelineRun.Reuse) throws -> PipelineRun {
    let text = """
      parameters: { out: "\(folder.file("out"))" }
      stages:
        train: { uses: read, files: "\(folder.file("a.npy"))" }
        m: { uses: accumulate, from: train }
      """
    return try PipelineRun(
      StandardKinds.graph(StandardKinds.parse(text, file: "p.yaml")), reuse: reuse,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  @Test("Artefacts are kept for a run that uses them as they are, whether new or old; for others they are not")
  func artefacts() async throws {
    for (reuse, keeps) in [(PipelineRun.Reuse.nothing, false), (.restart, true), (.unchanged, true)] {
      let run = try run(reuse)
      #expect(!run.hasKept)
      _ = try await run.run()
      #expect(run.hasKept == keeps)
    }
  }

  @Test("A checkpoint is kept, even if only the previous one exists")
  func checkpoints() throws {
    try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: false)
    let run = try run(.nothing)
    for name in [".m.h5.checkpoint", ".m.h5.checkpoint.previous"] {
      let file = try folder.write("out/\(name)", [1])
      #expect(run.hasKept)
      try FileManager.default.removeItem(atPath: file)
      #expect(!run.hasKept)
    }
  }

  private struct Failure: Error {}

  @Test("A run that fails names the checkpoints that it leaves, unless they belong to another run")
  func failed() throws {
    try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: false)
    let run = try run(.nothing)
    #expect(run.keptCheckpoints(after: Failure()).isEmpty)
    let file = try folder.write("out/.m.h5.checkpoint", [1])
    #expect(run.keptCheckpoints(after: Failure()) == [file])
    let held = StreamError(.held, file: "m.h5", expected: "", found: "", advice: "")
    let others = CheckpointError(checkpoint: file, output: "m.h5", difference: "")
    for error: any Error in [held, others] { #expect(run.keptCheckpoints(after: error).isEmpty) }
  }
}
