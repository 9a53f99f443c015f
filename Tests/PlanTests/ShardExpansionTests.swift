import Foundation
import Logging
import TestSupport
import Testing

@testable import Artefacts
@testable import Engine
@testable import KindsForTests
@testable import Plan
@testable import Stages

@Suite("Expansion of stages into shards")
struct ShardExpansionTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 0..<3 { try make("p-\(number).npy", seed: number) }
    try folder.write("w.npy", NPY.features("<f4", (0..<40).map { Float($0 % 7) }, dimension: 2))
  }

  private func make(_ name: String, seed: Int, rows: Int = 500) throws {
    var generator = SeededGenerator(seed)
    let labels = (0..<rows).map { _ in Int32.random(in: 0..<20, using: &generator) }
    try folder.write(name, NPY.batch(labels, (0..<rows * 2).map { _ in Float(generator.normal()) }, dimension: 2))
  }

  private func graph(_ stages: String, out: String? = "out") throws -> PipelineGraph {
    let parameters = out.map { "parameters: { out: \"\(folder.file($0))\" }\n" } ?? ""
    return try StandardKinds.graph(
      StandardKinds.parse("\(parameters)stages:\n\(stages.replacing("DIR", with: folder.path))", file: "p.yaml"))
  }

  @discardableResult
  private func run(_ stages: String, out: String? = "out", reuse: PipelineRun.Reuse = .nothing) async throws
    -> PipelineRun.Results
  {
    try await PipelineRun(graph(stages, out: out), reuse: reuse, log: Self.log).run()
  }

  private static let read = "  s: { uses: read, files: \"DIR/p-*.npy\" }\n"

  /// The references of each stage, by name.
  private func links(_ graph: PipelineGraph) -> [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: graph.stages.map { stage in
        (stage.name, stage.dependencies.map { graph.stages[$0].name }.sorted())
      })
  }

  @Test(
    "A stage becomes one stage per part, and a merge with its name; a stream not read as a whole has no reader")
  func shape() throws {
    let graph = try graph(
      Self.read + "  m: { uses: accumulate, from: s, shard-files: 2 }\n  g: { uses: measure, moments: m }")
    #expect(
      links(graph) == [
        "s/p-0.2-files": [], "s/p-2.2-files": [], "m/p-0": ["s/p-0.2-files"], "m/p-2": ["s/p-2.2-files"],
        "m": ["m/p-0", "m/p-2"], "g": ["m"],
      ])
    #expect(graph.stages.first { $0.name == "m" }?.kind is MergeStage)
  }

  @Test("Stages with the same plan over one stream share its readers; one that takes the whole stream keeps its own")
  func sharing() throws {
    let links = try links(
      graph(
        Self.read + """
            a: { uses: accumulate, from: s, shard-files: 1 }
            b: { uses: accumulate, from: s, shard-files: 1, within: pooled }
            c: { uses: accumulate, from: s }
          """))
    #expect(links["a/p-1"] == ["s/p-1"] && links["b/p-1"] == ["s/p-1"] && links["c"] == ["s"])
    #expect(links.count == 3 + 1 + 2 * 4 + 1)
  }

  @Test("Plans whose parts would share names for different rows have separate readers")
  func plans() throws {
    try make("p-0.0-249.npy", seed: 9)
    let graph = try graph(
      Self.read + """
          a: { uses: accumulate, from: s, shard-files: 1 }
          b: { uses: accumulate, from: s, shard-rows: 250 }
        """)
    for stage in graph.stages where stage.shard != nil && !stage.makesStream {
      let reader = try #require(stage.reader.map { graph.description.stages[$0] })
      #expect((reader.options["rows"] == nil) == (stage.shard?.stage == "a"), "\(stage.name)")
    }
    let files = graph.stages.indices.filter { graph.stages[$0].name.hasPrefix("a/p-0.0-249") }
      .compactMap { graph.stages[$0].reader }
      .flatMap { graph.description.stages[$0].options["files"]?.values.map(\.value) ?? [] }
    #expect(files == [folder.file("p-0.0-249.npy")])
  }

  @Test("Transforms of a stream stand between each part's reader and its stage")
  func transforms() async throws {
    let stages =
      Self.read + """
          f: { uses: filter, from: s, tokens: 3-19 }
          m: { uses: accumulate, from: f, within: pooled
        """
    let links = try links(graph(stages + ", shard-files: 1 }"))
    #expect(links["m/p-2"] == ["f/p-2"] && links["f/p-2"] == ["s/p-2"] && links["f"] == nil && links["s"] == nil)
    try await run(stages + ", shard-files: 3 }")
    try await run(stages + " }", out: "whole")
    let (parts, whole) = (try StateReader(folder.file("out/m.h5")), try StateReader(folder.file("whole/m.h5")))
    #expect(try parts.samples == whole.samples && parts.samples < 1500 && parts.table().means == whole.table().means)
  }

  @Test("A matrix repeats a stage with its shards")
  func matrix() throws {
    let links = try links(
      graph(
        """
          s: { matrix: { n: [0, 1] }, uses: read, files: ["DIR/p-${n}.npy", DIR/p-2.npy] }
          m: { uses: accumulate, from: s, shard-files: 1 }
          g: { uses: measure, moments: m }
        """))
    #expect(links["m.n=0"] == ["m.n=0/p-0", "m.n=0/p-2"] && links["m.n=1"] == ["m.n=1/p-1", "m.n=1/p-2"])
    #expect(links["m.n=1/p-2"] == ["s.n=1/p-2"] && links["g.n=1"] == ["m.n=1"])
  }

  @Test("Shards of an explicit output are in a folder of its name", arguments: ["x.h5", "deep/x.h5", "x"])
  func output(file: String) async throws {
    let stages = Self.read + "  m: { uses: accumulate, from: s, shard-files: 1, output: DIR/\(file) }"
    try await run(stages)
    let shards = try FileManager.default.contentsOfDirectory(
      atPath: folder.file(file == "x" ? "x.shards" : String(file.dropLast(3))))
    let ending = file == "x" ? "" : ".h5"
    #expect(
      Set(shards.filter { !$0.hasPrefix(".") && !$0.hasSuffix(".json") }) == Set((0..<3).map { "p-\($0)\(ending)" }))
    #expect(try StateReader(folder.file(file)).samples == 1500)
  }

  @Test(
    "Shards and their merge equal those of the whole, run by hand, and threads change no bit", arguments: [1, 2, 3])
  func bytes(threads: Int) async throws {
    let options = "within: pooled, threads: \(threads)"
    try await run(Self.read + "  m: { uses: accumulate, from: s, shard-files: 1, \(options) }")
    let by = (0..<3).map {
      "  r\($0): { uses: read, files: DIR/p-\($0).npy }\n  m\($0): { uses: accumulate, from: r\($0), within: pooled }\n"
    }
    try await run(by.joined() + "  m: { uses: merge, states: [m0, m1, m2] }", out: "hand")
    #expect(try folder.read("out/m.h5") == folder.read("hand/m.h5"))
    #expect(try folder.read("out/m/p-1.h5") == folder.read("hand/m1.h5"))
    #expect(try StateReader(folder.file("out/m.h5")).samples == 1500)
  }

  @Test("One shard equals the merge of one")
  func one() async throws {
    try await run(Self.read + "  m: { uses: accumulate, from: s, shard-files: 99 }")
    try await run(Self.read + "  w: { uses: accumulate, from: s }\n  m: { uses: merge, states: w }", out: "hand")
    #expect(try folder.read("out/m.h5") == folder.read("hand/m.h5"))
  }

  @Test("Row windows have the samples of the files, with a rest, and decisions equal those of the whole")
  func rows() async throws {
    let moments = "  t: { uses: read, files: DIR/p-0.npy }\n  w: { uses: accumulate, from: t }\n"
    let rest = """
        d: { uses: decide, from: s, moments: w, classifier: DIR/w.npyRULE }
        g: { uses: measure, moments: w, decisions: d }

      """
    let whole = try await run(Self.read + moments + rest.replacing("RULE", with: ""), out: "hand")
    let parts = try await run(
      Self.read + moments + rest.replacing("RULE", with: ", shard-rows: 333")
        + "  m: { uses: accumulate, from: s, shard-rows: 333 }\n")
    #expect(measured(parts) == measured(whole) && measured(parts).contains("agreement"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("out/d")).filter {
        $0.hasSuffix(".h5") && !$0.hasPrefix(".")
      }.count == 6)
    #expect(try StateReader(folder.file("out/m.h5")).samples == 1500)
    #expect(try StateReader(folder.file("out/m/p-0.333-499.h5")).samples == 167)
  }

  /// The measurements, without the record of which decisions file was used.
  private func measured(_ results: PipelineRun.Results) -> String {
    let text = results.first { $0.stage == "g" }?.measures.text ?? ""
    return text.split(separator: "\n").filter { !$0.contains("decisions_checksum") }.joined(separator: "\n")
  }

  @Test("Without a folder for outputs, shards are in scratch space, and nothing is left")
  func scratch() async throws {
    let results = try await run(
      Self.read + "  m: { uses: accumulate, from: s, shard-files: 1 }\n  g: { uses: measure, moments: m }", out: nil)
    #expect(results.first?.measures["tokens"] == .integer(1500))
    #expect(try folder.names == ["p-0.npy", "p-1.npy", "p-2.npy", "w.npy"])
  }

  @Test(
    "If a corpus grows by a file in the middle or at the end, only that file is read",
    arguments: ["p-0b.npy", "p-9.npy"])
  func growing(file: String) async throws {
    try await run(Self.read + "  m: { uses: accumulate, from: s, shard-files: 1 }", reuse: .unchanged)
    let stamps = try (0..<3).map { try stamp("out/m/p-\($0).h5") }
    try make(file, seed: 7)
    try await run(Self.read + "  m: { uses: accumulate, from: s, shard-files: 1 }", reuse: .unchanged)
    #expect(try (0..<3).map { try stamp("out/m/p-\($0).h5") } == stamps)
    #expect(try StateReader(folder.file("out/m.h5")).samples == 2000)
    try await run(Self.read + "  m: { uses: accumulate, from: s, shard-files: 1 }", out: "fresh")
    #expect(try folder.read("out/m.h5") == folder.read("fresh/m.h5"))
  }

  /// Identifies the file: an output that is made again gets a new one.
  private func stamp(_ name: String) throws -> Int {
    try #require(
      FileManager.default.attributesOfItem(atPath: folder.file(name))[.systemFileNumber] as? Int)
  }
}
