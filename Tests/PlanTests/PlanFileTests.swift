import Foundation
import TestSupport
import Testing

@testable import KindsForTests
@testable import Plan
@testable import Slurm

@Suite("Pipelines as jobs run them")
struct PlanFileTests {
  private let folder: TemporaryFolder
  private let text: String

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b"] { try folder.write("\(name).npy", NPY.batch([1, 2, 1], [1, 2, 3], dimension: 1)) }
    text = """
      name: "odd ' \\" name"
      parameters: { out: "\(folder.file("o ut"))", unused: x }
      slurm: { account: a, lines: [--x] }
      stages:
        s: { matrix: { n: [a, b] }, uses: read, files: "\(folder.path)/${n}.npy" }
        m: { uses: accumulate, from: s, shard-files: 1, slurm: { cpus: 2 } }
        g: { uses: measure, moments: m }
      """
  }

  @Test("A plan restores the pipeline with its matrix, shards, settings and positions, whatever happened to the files")
  func roundTrip() throws {
    let graph = try StandardKinds.graph(StandardKinds.parse(text, file: "p.yaml"))
    let file = try folder.write("plan.json", text: PlanFile.text(graph))
    try folder.write("c.npy", NPY.batch([1], [1], dimension: 1))
    let again = try StandardKinds.graph(file: file)
    #expect(try PlanFile.text(again) == PlanFile.text(graph))
    #expect(again.name == graph.name && again.units == graph.units && again.outputFolder == graph.outputFolder)
    #expect(again.stages.map(\.name) == graph.stages.map(\.name) && again.sections.slurm == graph.sections.slurm)
    #expect(
      again.stages.map(\.shard) == graph.stages.map(\.shard)
        && again.stages.map(\.sections.slurm) == graph.stages.map(\.sections.slurm))
    #expect(again.stages.map(\.sources) == graph.stages.map(\.sources))
    #expect(again.stages.map(\.kind.fingerprint) == graph.stages.map(\.kind.fingerprint))
  }

  @Test("A plan of another release is refused, whatever else it holds; so is a damaged one, and --set with one")
  func refused() throws {
    let graph = try StandardKinds.graph(StandardKinds.parse(text, file: "p.yaml"))
    let plan = try PlanFile.text(graph)
    for (text, settings, message) in [
      (plan.replacing("\"release\":\"", with: "\"release\":\"0."), [], "expected a plan of release"),
      ("{\"collapsePlan\":2,\"release\":\"9.9\",\"more\":[]}", [], "found one of release 9.9"),
      (plan.replacing("\"stages\":", with: "\"stagse\":"), [], "found a damaged one"),
      (plan, ["out=x"], "the parameters of a plan are fixed"),
      (plan.replacing("\"name\":\"g.n=a\"", with: "\"name\":\"../g\""), [], "expected a stage name of letters"),
      (plan.replacing("\"written\":\"g\"", with: "\"written\":\"g\\nx\""), [], "expected a stage name of letters"),
    ] {
      let file = try folder.write("plan.json", text: text)
      let error = #expect(throws: PipelineError.self) { _ = try StandardKinds.graph(file: file, settings: settings) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test("Any other JSON is a pipeline file")
  func other() throws {
    for text in ["{", "[]", "{ \"stages\": { \"a\": { \"uses\": \"merge\", \"states\": \"LICENSE\" } } }"] {
      #expect(try PlanFile.read(folder.write("p.json", text: text), settings: ["a=b"])?.name == nil)
    }
    #expect(try PlanFile.read(folder.file("none.json"), settings: [])?.name == nil)
  }
}

extension PlanFileTests {
  @Test("An out from the command line is no longer that in a plan, so that a stranger's plan gives no consent")
  func consent() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", NPY.batch([1, 2, 1], [1, 2, 3], dimension: 1))
    let text =
      "parameters: { out: x }\nstages:\n  s: { uses: read, files: \"\(folder.path)/a.npy\" }\n  m: { uses: accumulate, from: s }\n"
    let graph = try StandardKinds.graph(
      StandardKinds.parse(text, file: "p.yaml", settings: ["out=\(folder.file("out"))"]))
    #expect(graph.isPlacedByUser && graph.outputsElsewhere.isEmpty)
    let plan = try StandardKinds.graph(file: folder.write("plan.json", text: PlanFile.text(graph)))
    #expect(!plan.isPlacedByUser && plan.outputsElsewhere.count == 1)
    #expect(plan.outputsElsewhere.first?.message.contains("outside the working folder") == true)
  }
}
