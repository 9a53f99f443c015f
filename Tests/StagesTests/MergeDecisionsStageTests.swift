import Foundation
import Logging
import TestSupport
import Testing

@testable import Engine
@testable import KindsForTests
@testable import Plan

@Suite("Merging decisions in a pipeline")
struct MergeDecisionsStageTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for part in 0..<3 {
      var generator = SeededGenerator(part)
      let labels = (0..<200).map { _ in Int32.random(in: 0..<20, using: &generator) }
      try folder.write("\(part).npy", NPY.batch(labels, (0..<400).map { _ in Float(generator.normal()) }, dimension: 2))
    }
    try folder.write("w.npy", NPY.features("<f4", (0..<40).map { Float($0 % 7) }, dimension: 2))
  }

  private func run(_ stages: String) async throws -> PipelineRun.Results {
    let graph = try StandardKinds.graph(
      StandardKinds.parse(
        """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          t: { uses: read, files: DIR/0.npy }
          w: { uses: accumulate, from: t }
          a: { uses: read, files: DIR/1.npy }
          b: { uses: read, files: DIR/2.npy }
          da: { uses: decide, from: a, moments: w, classifier: DIR/w.npy }
          db: { uses: decide, from: b, moments: w, classifier: DIR/w.npy }
        \(stages)
        """.replacing("DIR", with: folder.path), file: "p.yaml"))
    return try await PipelineRun(graph, log: Self.log).run()
  }

  private func measured(_ results: PipelineRun.Results, _ stage: String) -> String {
    let text = results.first { $0.stage == stage }?.measures.text ?? ""
    return text.split(separator: "\n").filter { !$0.contains("decisions_checksum") }.joined(separator: "\n")
  }

  @Test("Merged decisions on parts give the measures of those on the whole, in any order")
  func merged() async throws {
    let results = try await run(
      """
        both: { uses: read, files: [DIR/1.npy, DIR/2.npy] }
        d: { uses: decide, from: both, moments: w, classifier: DIR/w.npy }
        ab: { uses: merge-decisions, decisions: [da, db] }
        ba: { uses: merge-decisions, decisions: [db, da] }
        g: { uses: measure, moments: w, decisions: d }
        gab: { uses: measure, moments: w, decisions: ab }
        gba: { uses: measure, moments: w, decisions: ba }
      """)
    #expect(measured(results, "gab") == measured(results, "g") && measured(results, "g").contains("agreement"))
    #expect(measured(results, "gba") == measured(results, "g"))
  }

  @Test("Decisions by another classifier are refused, naming the file, and nothing is written")
  func other() async throws {
    try folder.write("v.npy", NPY.features("<f4", (0..<40).map { Float($0 % 5) }, dimension: 2))
    let error = await #expect(throws: (any Error).self) {
      _ = try await run(
        """
          dv: { uses: decide, from: b, moments: w, classifier: DIR/v.npy }
          m: { uses: merge-decisions, decisions: [da, dv] }
        """)
    }
    let words = "\(try #require(error))"
    #expect(
      words.contains("classifier_checksum") && words.contains("decide all shards with the same classifier"), "\(words)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out/m.h5")))
  }

  @Test("Without decisions, or with moments, the stage is refused")
  func wrong() throws {
    for (options, words) in [("", "decisions"), ("decisions: [w]", "w"), ("decisions: []", "decisions")] {
      let text =
        "stages:\n  w: { uses: merge, states: LICENSE, output: x.h5 }\n  m: { uses: merge-decisions, \(options) }"
      let error = #expect(throws: PipelineError.self) {
        _ = try StandardKinds.graph(StandardKinds.parse(text, file: "p.yaml"))
      }
      #expect(error?.description.contains("p.yaml:3:") == true && error?.description.contains(words) == true)
    }
  }
}
