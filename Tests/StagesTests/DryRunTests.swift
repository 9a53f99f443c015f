import Foundation
import Logging
import TestSupport
import Testing

@testable import Artefacts
@testable import Engine
@testable import KindsForTests
@testable import Stages

@Suite("Dry runs")
struct DryRunTests {
  private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func run(
    _ text: String, from: String? = nil, reuse: PipelineRun.Reuse = .nothing
  ) throws -> PipelineRun {
    try PipelineRun(
      StandardKinds.graph(StandardKinds.parse(text, file: "p.yaml")), from: from, reuse: reuse, log: Self.log)
  }

  /// 60 rows with 4 features in 20 classes.
  private func stream() -> [UInt8] {
    var generator = SeededGenerator(1)
    return NPY.batch(
      (0..<60).map { Int32($0 % 20) }, (0..<240).map { _ in Float(generator.normal()) }, dimension: 4)
  }

  private func pipeline(_ folder: TemporaryFolder, accumulate: String = "", input: String = "a.npy") -> String {
    """
    parameters: { out: "\(folder.file("out"))" }
    stages:
      train: { uses: read, files: "\(input == "-" ? "-" : folder.file(input))" }
      m: { uses: accumulate, from: train, memory: 1GiB\(accumulate) }
      g: { uses: measure, moments: m, classes: "\(folder.file("c.csv"))", threads: 1 }
      t: { uses: collect, measures: g }
    """
  }

  @Test("Each stage has a paragraph: why, its inputs, its memory, and each file with its size; nothing is written")
  func whole() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    let text = try await run(pipeline(folder, accumulate: ", vocabulary: 20, measure-every: 10")).dryRun()
    let out = folder.file("out")
    for words in [
      "1. train (read)\n", "    why     taken by m\n", "    finds   1 input, 1.4 KiB\n            rows of 4 float32\n",
      "            labels: [N] int32, features: [N × 4] float32, labels are next tokens\n",
      "1. m (accumulate)\n    why     will be made: it has not been made yet\n    from    train\n    memory  at most ",
      "\(out)/m.timeline.csv: a line every 10 samples\n", "\(out)/m.h5: at most 5.6 KiB, with 20 classes\n",
      "2. g (measure)\n", "\(folder.file("c.csv")): at most 2.5 KiB, with 20 classes\n", "\(out)/g.json: some KiB\n",
      "3. t (collect)\n", "\(out)/t.csv: about 2.0 KiB\n",
    ] {
      #expect(text.contains(words), "\(words) in\n\(text)")
    }
    #expect(try folder.names == ["a.npy"])
  }

  @Test("A vocabulary too large for scratch is not refused if the stream has fewer rows")
  func fewRows() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    let run = try run(pipeline(folder, accumulate: ", vocabulary: 2147483647"))
    let text = try await run.dryRun()
    #expect(!text.contains("refused") && text.contains("m.h5: at most "), "\(text)")
    _ = try await run.run()
    #expect(try StateReader(folder.file("out") + "/m.h5").provenance.vocabulary == 2_147_483_647)
  }

  @Test("If the classes are unknown, memory per class is reported; if the stream is a pipe, that it is not read")
  func unknown() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    let open = try await run(pipeline(folder)).dryRun()
    #expect(open.contains("m.h5: 4.0 KiB and 84 B per class; grows with the classes seen\n"), "\(open)")
    #expect(open.contains(" per class, at most 1.0 GiB\n"))
    let pipe = try await run(pipeline(folder, input: "-")).dryRun()
    #expect(pipe.contains("rows of unknown shape") && pipe.contains("m.h5: size unknown\n"))
    #expect(pipe.contains("memory  at most 1.0 GiB\n"))
    let fifo = try folder.makePipe("p")
    #expect(try await run(pipeline(folder, input: "p")).dryRun().contains("rows of unknown shape"), "\(fifo)")
  }

  @Test("A run that would be refused is reported")
  func refused() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    let text = try await run(
      pipeline(folder, accumulate: "").replacing("1GiB", with: "1MiB")
    ).dryRun()
    #expect(text.contains("will be refused: expected at least "), "\(text)")
  }

  @Test("From a later stage on, existing states report what they hold")
  func from() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    _ = try await run(pipeline(folder)).run()
    let text = try await run(pipeline(folder), from: "g").dryRun()
    #expect(text.hasPrefix("1. g (measure)\n"))
    #expect(text.contains("c.csv: about 2.5 KiB\n") && !text.contains("a class"), "\(text)")
  }

  @Test("An existing artefact is kept with its size, and stages that use it report what it holds")
  func kept() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    _ = try await run(pipeline(folder), reuse: .unchanged).run()
    try FileManager.default.removeItem(atPath: folder.file("out/g.json"))
    let text = try await run(pipeline(folder), reuse: .unchanged).dryRun()
    #expect(text.hasPrefix("1. train (read)\n    why  not read"), "\(text)")
    #expect(text.contains("    keeps  \(folder.file("out"))/m.h5: 5.8 KiB") && !text.contains("a class"), "\(text)")
    #expect(text.contains("c.csv: about 2.5 KiB\n"), "\(text)")
  }

  @Test("Similar shards are reported once, new and kept ones separately")
  func shards() async throws {
    let folder = try TemporaryFolder()
    for part in ["a", "b", "c"] { try folder.write("p-\(part).npy", stream()) }
    let text = pipeline(folder, accumulate: ", shard-files: 1", input: "p-*.npy")
    let fresh = try await run(text).dryRun()
    #expect(fresh.components(separatedBy: "and 2 more shards like it").count == 3, "\(fresh)")
    _ = try await run(text, reuse: .unchanged).run()
    for part in ["d", "e"] { try folder.write("p-\(part).npy", stream()) }
    let grown = try await run(text, reuse: .unchanged).dryRun()
    #expect(grown.components(separatedBy: "and 2 more shards like it").count == 3, "\(grown)")
    #expect(grown.components(separatedBy: "and 1 more shard like it").count == 3, "\(grown)")
    #expect(grown.components(separatedBy: "(accumulate)").count == 3 && grown.contains("taken by m/p-d"), "\(grown)")
  }

  @Test("An artefact without an output that another stage needs is in scratch space")
  func scratch() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.npy", stream())
    let text = try await run(
      """
      stages:
        train: { uses: read, files: "\(path)" }
        m: { uses: accumulate, from: train }
        g: { uses: measure, moments: m }
      """
    ).dryRun()
    #expect(text.contains("    writes  (scratch)/m.h5: "))
    #expect(text.components(separatedBy: "writes").count == 2, "\(text)")
  }

  @Test("Every kind of stage reports its memory")
  func kinds() {
    for kind in StageKinds.all { #expect(kind is any ForecastingStage.Type, "\(kind.name)") }
  }

  @Test("The predicted size of a state is right to a KiB", arguments: ["none", "pooled"])
  func stateSize(within: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.npy", stream())
    _ = try await run(pipeline(folder, accumulate: ", within: \(within)")).run()
    let file = folder.file("out/m.h5")
    let state = try #require(StateForecast(file: file))
    let size = try #require(state.size)
    let found = try #require(FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
    #expect(abs(size.fixed + 20 * size.perClass - found) < 1 << 10)
    #expect(state.classes == .exactly(20) && state.keepsLowParts && state.dimension == 4)
  }
}
