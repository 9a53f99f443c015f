import Foundation
import Logging
import TestSupport
import Testing

@testable import Engine
@testable import KindsForTests
@testable import Plan

@Suite("Whether an artefact must be made")
struct FreshnessCheckTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// A pipeline with a stream, its moments, and their measurements with a classifier.
  private static func graph(_ folder: TemporaryFolder) throws -> PipelineGraph {
    let features = (0..<60).map { Float($0 * 7 % 11) }
    try folder.write("a-1.npy", NPY.batch((0..<20).map { Int32($0 % 5) }, features, dimension: 3))
    try folder.write("w.npy", NPY.features("<f4", Array(features[..<15]), dimension: 3))
    return try StandardKinds.graph(
      StandardKinds.parse(
        """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          train: { uses: read, files: "\(folder.path)/a-*.npy" }
          moments: { uses: accumulate, from: train }
          geometry: { uses: measure, moments: moments, classifier: "\(folder.file("w.npy"))" }
        """, file: "p.yaml"))
  }

  @Test(
    "If a file changes or is added between a stage's start and its end, no record of the stage is kept")
  func changesMeanwhile() async throws {
    let folder = try TemporaryFolder()
    let graph = try Self.graph(folder)
    _ = try await PipelineRun(graph, reuse: .unchanged, log: Self.log).run()
    for (stage, file) in [(1, "a-2.npy"), (2, "w.npy")] {
      let artefact = try #require(graph.stages[stage].output(in: graph.outputFolder))
      let check = FreshnessCheck(graph, try RunPlan(graph, from: nil), .unchanged)
      #expect(try await check.check(stage).freshness == .fresh)
      #expect(try await check.keep(stage, samplesDigest: "", nil))
      #expect(StageRecord.read(of: artefact) != nil)
      try folder.write(file, folder.read(stage == 1 ? "a-1.npy" : file))
      #expect(try await !check.keep(stage, samplesDigest: "", nil))
      #expect(StageRecord.read(of: artefact) == nil)
    }
  }

  @Test("A change of permissions alone during the run keeps the record of a stream whose samples are still the same")
  func permissionsMeanwhile() async throws {
    let folder = try TemporaryFolder()
    let graph = try Self.graph(folder)
    _ = try await PipelineRun(graph, reuse: .unchanged, log: Self.log).run()
    let artefact = try #require(graph.stages[1].output(in: graph.outputFolder))
    let digest = try #require(StageRecord.read(of: artefact)?.samplesDigest)
    let check = FreshnessCheck(graph, try RunPlan(graph, from: nil), .unchanged)
    #expect(try await check.check(1).freshness == .fresh)
    chmod(folder.file("a-1.npy"), 0o640)
    #expect(try await check.keep(1, samplesDigest: digest, nil))
    #expect(try await check.check(1).freshness == .fresh)
    chmod(folder.file("a-1.npy"), 0o600)
    #expect(try await !check.keep(1, samplesDigest: "of other samples", nil))
    #expect(StageRecord.read(of: artefact) == nil)
  }
}
