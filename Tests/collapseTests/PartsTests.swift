import Foundation
import TestSupport
import Testing

/// Promise: a stream divided among parts is read once, and gives the same bytes from any container, with any number of
/// threads, and in any memory.
@Suite("Parts of a stream")
struct PartsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func tool(_ arguments: [String], input: [UInt8]? = nil) throws -> Tool.Result {
    try Tool.run(Places.tool, arguments, input: input, folder: folder.path)
  }

  private func succeed(_ arguments: String..., input: [UInt8]? = nil) throws -> Tool.Result {
    let result = try tool(arguments, input: input)
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return result
  }

  /// A stream of five runs of rows.
  private func stream(classes: Int = 120, dimension: Int = 6) throws -> [UInt8] {
    var samples = StreamSamples(rows: 20_000, dimension: dimension, scalar: .float32)
    samples.labels = (0..<20_000).map { Int32($0 * 7 % classes) }
    let bytes = samples.stream(batches: [3_000, 9_000])
    try folder.write("a.npy", bytes)
    return bytes
  }

  private func parts(_ name: String, of count: Int) throws -> [[UInt8]] {
    try (1...count).map { try folder.read("\(name).part-\($0).h5") }
  }

  @Test("Files, a pipe, one thread and many, much memory and little: the same bytes, and nothing else in the folder")
  func sameBytes() throws {
    let bytes = try stream(classes: 2_500, dimension: 64)
    _ = try succeed("accumulate", "a.npy", "--within", "pooled", "--parts", "3", "--output", "m.h5")
    #expect(try folder.names == ["a.npy", "m.part-1.h5", "m.part-2.h5", "m.part-3.h5"])
    let whole = try parts("m", of: 3)
    _ = try succeed(
      "accumulate", "-", "--within", "pooled", "--parts", "3", "--threads", "5", "--output", "p.h5", input: bytes)
    #expect(try parts("p", of: 3) == whole)
    // The smallest memory has no room for the means of all parts.
    let tight = ["accumulate", "a.npy", "--within", "pooled", "--parts", "3", "--output", "t.h5", "--memory"]
    let refused = try tool(tight + ["1MiB"])
    #expect(refused.status == 1 && refused.errors.contains("in 3 parts, found 1.0 MiB"), "\(refused.errors)")
    let least = refused.errors.firstMatch(of: /at least ([0-9]+)/).flatMap { Int($0.1) } ?? 0
    let bound = try tool(tight + ["\(least + 1)MiB"])
    #expect(bound.status == 0 && bound.errors.contains("of each of the 3 parts"), "\(bound.errors)")
    #expect(bound.errors.contains("Means of rarer classes go to"), "\(bound.errors)")
    #expect(bound.peakKiB < (least + 1) << 10)
    #expect(try parts("t", of: 3) == whole)
  }

  @Test("Each part says which of how many it is; their merge is measured like the whole")
  func measured() throws {
    _ = try stream()
    let made = try succeed("accumulate", "a.npy", "--parts", "4", "--output", "m.h5")
    #expect(made.errors.contains("4 parts are few for standard errors; a jackknife wants at least 8"))
    #expect(made.errors.contains("4 parts by rows of 4096, of 4096 to 7712 samples"), "\(made.errors)")
    let part = try succeed("inspect", "m.part-2.h5", "--format", "json").text
    #expect(part.contains("\"part\": 2") && part.contains("\"part_of\": 4"), "\(part)")
    _ = try succeed("merge", "m.part-*.h5", "--output", "all.h5")
    _ = try succeed("accumulate", "a.npy", "--output", "whole.h5")
    let found = try Golden.numbers(succeed("measure", "all.h5").output)
    for (key, value) in try Golden.numbers(succeed("measure", "whole.h5").output) {
      #expect(Golden.deviation(found[key], value) <= 1e-10, "\(key)")
    }
  }

  @Test("Options and outputs that do not fit are refused before anything is read")
  func refused() throws {
    _ = try stream()
    try folder.write("m.part-2.h5", text: "mine")
    for (options, status, words) in [
      (["--parts", "1"], 64, "from 2 to 256 for parts, found “1”"),
      (["--parts", "257"], 64, "from 2 to 256 for parts, found “257”"),
      (["--parts", "2", "--measure-every", "1000"], 64, "found both: parts have no common timeline"),
      (["--parts", "3"], 64, "m.part-2.h5"),
    ] as [([String], Int32, String)] {
      let result = try tool(["accumulate", "a.npy", "--output", "m.h5"] + options)
      #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
      #expect(try folder.names == ["a.npy", "m.part-2.h5"])
    }
    _ = try succeed("accumulate", "a.npy", "--parts", "3", "--output", "m.h5", "--force")
    let fewer = try succeed("accumulate", "a.npy", "--parts", "2", "--output", "m.h5")
    #expect(fewer.errors.contains("warning") && fewer.errors.contains("m.part-3.h5"), "\(fewer.errors)")
    let mixed = try tool(["merge", "m.part-*.h5", "--output", "all.h5"])
    #expect(mixed.status == 65 && mixed.errors.contains("remove those of earlier runs"), "\(mixed.errors)")
    let empty = try tool(["accumulate", "a.npy", "--parts", "9", "--output", "e.h5"])
    #expect(empty.status == 0 && empty.errors.contains("4 parts have no samples"), "\(empty.errors)")
    let measured = try tool(["measure", "e.part-9.h5"])
    #expect(measured.status == 65 && measured.errors.contains("no sample went to it"), "\(measured.errors)")
  }

  @Test("In a pipeline file the parts lie beside their merge, which takes the stage's name")
  func pipeline() throws {
    _ = try stream()
    try folder.write("w.npy", NPY.features("<f4", (0..<6 * 120).map { Float($0 % 7) }, dimension: 6))
    try folder.write(
      "p.yaml",
      text: """
        parameters: { out: out }
        stages:
          s: { uses: read, files: a.npy }
          unseen: { uses: read, files: a.npy }
          m: { uses: accumulate, from: s, parts: 2 }
          n: { matrix: { least: [0, 9] }, uses: accumulate, from: some, shard-files: 1, parts: 2 }
          some: { uses: filter, from: s, matrix: { least: [0, 9] }, tokens: "${least}-119" }
          d: { uses: decide, from: unseen, moments: m, classifier: w.npy }
          g: { uses: measure, moments: m, decisions: d }
          f: { uses: filter, from: s, every-sequence: 1, sequence-samples: 100 }
          many: { uses: accumulate, from: f, parts: 8 }
          e: { uses: measure, moments: many, errors: jackknife }
        """)
    let first = try succeed("run", "p.yaml", "--format", "json")
    #expect(first.errors.contains("errors by jackknife over 8 parts of 2500 to 2500 samples"), "\(first.errors)")
    #expect(first.text.contains("jackknife_bias"))
    let made = try FileManager.default.subpathsOfDirectory(atPath: folder.file("out")).filter {
      $0.hasSuffix(".h5") && ($0.hasPrefix("m.") || $0.hasPrefix("n."))
    }
    #expect(
      made.sorted() == [
        "m.h5", "m.part-1.h5", "m.part-2.h5", "n.least=0.h5", "n.least=0/a.part-1.h5", "n.least=0/a.part-2.h5",
        "n.least=9.h5", "n.least=9/a.part-1.h5", "n.least=9/a.part-2.h5",
      ])
    let second = try succeed("run", "p.yaml", "--format", "json")
    #expect(second.output == first.output && second.errors.contains("m/parts: up to date"), "\(second.errors)")
    let part = try folder.read("out/m.part-2.h5")
    try FileManager.default.removeItem(atPath: folder.file("out/m.part-2.h5"))
    let third = try succeed("run", "p.yaml", "--format", "json")
    #expect(try third.output == first.output && folder.read("out/m.part-2.h5") == part, "\(third.errors)")
    let plan = try succeed("run", "p.yaml", "--dry-run", "--restart").text
    #expect(plan.contains("m/parts (accumulate)") && plan.contains("per class in 2 parts"), "\(plan)")
    // Without a folder, parts exist only during the run.
    try folder.write(
      "q.yaml",
      text: """
        stages:
          s: { uses: read, files: a.npy }
          m: { uses: accumulate, from: s, parts: 2 }
          g: { uses: measure, moments: m }
        """)
    let before = try folder.names
    #expect(try succeed("run", "q.yaml").text.contains("nc1_cdnv"))
    #expect(try folder.names == before)
  }
}
