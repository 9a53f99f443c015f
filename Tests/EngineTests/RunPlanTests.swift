import Foundation
import Logging
import TestSupport
import Testing

@testable import Engine
@testable import KindsForTests
@testable import Plan

@Suite("What a run does")
struct RunPlanTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let folder: TemporaryFolder
  private let text: String

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b"] { try folder.write("\(name).npy", NPY.batch([1, 2, 1], [1, 2, 3], dimension: 1)) }
    text = """
      parameters: { out: "\(folder.file("out"))" }
      stages:
        s: { matrix: { n: [a, b] }, uses: read, files: "\(folder.path)/${n}.npy" }
        m: { uses: accumulate, from: s }
        all: { uses: merge, states: m }
        g: { uses: measure, moments: all }
      """
  }

  private func graph(out: Bool = true) throws -> PipelineGraph {
    let text = out ? text : text.split(separator: "\n").dropFirst().joined(separator: "\n")
    return try StandardKinds.graph(StandardKinds.parse(text, file: "p.yaml"))
  }

  private func plan(_ only: [String], out: Bool = true) throws -> [String] {
    let graph = try graph(out: out)
    return try RunPlan(graph, only: only).units.joined().map { graph.stages[$0].name }
  }

  private func message(_ only: [String], out: Bool = true) -> String {
    let error = #expect(throws: PipelineError.self) { _ = try plan(only, out: out) }
    return error?.description ?? ""
  }

  @Test("Only named stages run, with their readers; a name with a matrix means all instances, or one")
  func only() throws {
    #expect(try plan(["m"]) == ["s.n=a", "m.n=a", "s.n=b", "m.n=b"])
    #expect(try plan(["m.n=b"]) == ["s.n=b", "m.n=b"])
    #expect(try plan(["m", "all"]) == ["s.n=a", "m.n=a", "s.n=b", "m.n=b", "all"])
    #expect(try plan([]).count == 6)
  }

  @Test("A misspelt stage is answered with the likely one")
  func unknown() {
    #expect(message(["al"]) == "--only: no stage “al”\n  → did you mean “all”?")
    #expect(message(["m", "geo"]).hasPrefix("--only: no stage “geo”"))
  }

  @Test("All missing inputs are named")
  func missing() {
    let found = message(["all"])
    #expect(found.contains("“m.n=a” has not been run: there is no \(folder.file("out"))/m.n=a.h5"))
    #expect(found.contains("“m.n=b” has not been run") && found.contains("run “m.n=b” first, or leave --only out"))
    #expect(message(["all"], out: false).contains("it saves no file\n  → give it an output:, or run it too"))
  }

  @Test("Run one by one, stages make the same artefacts as one run")
  func stepwise() async throws {
    for only in [["m.n=b"], ["m.n=a"], ["all", "g"]] {
      _ = try await PipelineRun(graph(), only: only, reuse: .unchanged, log: Self.log).run()
    }
    let made = try ["all.h5", "m.n=a.h5", "g.json"].map { try folder.read("out/\($0)") }
    try FileManager.default.removeItem(atPath: folder.file("out"))
    _ = try await PipelineRun(graph(), log: Self.log).run()
    #expect(try ["all.h5", "m.n=a.h5", "g.json"].map { try folder.read("out/\($0)") } == made)
  }
}
