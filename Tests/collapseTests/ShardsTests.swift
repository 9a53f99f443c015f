import Foundation
import TestSupport
import Testing

/// A stream in shards gives the results of the whole, up to rounding, and always the same bytes; existing shards are
/// kept.
@Suite("Shards")
struct ShardsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func writePart(_ name: String, seed: Int, rows: Int = 900) throws {
    var generator = SeededGenerator(seed)
    let labels = (0..<rows).map { _ in Int32.random(in: 0..<30, using: &generator) }
    let features = labels.flatMap { label in (0..<3).map { _ in Float(label % 5) + Float(generator.normal()) } }
    try folder.write(name, NPY.batch(labels, features, dimension: 3))
  }

  private func pipeline(_ shards: String, threads: Int = 1, more: String = "") throws -> String {
    try folder.write("w.npy", NPY.features("<f4", (0..<90).map { Float($0 % 7) }, dimension: 3))
    return try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          corpus: { uses: read, files: "\(folder.path)/part-*.npy", threads: \(threads) }
          unseen: { uses: read, files: "\(folder.path)/part-*.npy" }
          moments: { uses: accumulate, from: corpus, within: pooled, threads: \(threads), \(shards) }
          decisions: { uses: decide, from: unseen, moments: moments, classifier: "\(folder.file("w.npy"))", \(shards) }
          geometry: { uses: measure, moments: moments, decisions: decisions }
        \(more)
        """)
  }

  private func run(_ pipeline: String, _ more: String...) throws -> Tool.Result {
    let result = try Tool.run(Places.tool, ["run", pipeline, "--format", "json"] + more)
    #expect(result.status == 0, "\(result.errors)")
    return result
  }

  /// The shards that were made, according to the files and the log.
  private func made(_ result: Tool.Result, of stage: String) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out/\(stage)"))
    return names.filter { $0.hasSuffix(".h5") && !$0.hasPrefix(".") }.map { String($0.dropLast(3)) }.sorted()
      .filter { !result.errors.contains("\(stage)/\($0): up to date") }
  }

  @Test("If a corpus grows by files before, between and after the old ones, only the new ones are read")
  func growing() throws {
    try writePart("part-1.npy", seed: 1)
    try writePart("part-3.npy", seed: 3)
    let file = try pipeline("shard-files: 1")
    #expect(try made(run(file), of: "moments") == ["part-1", "part-3"])
    for part in [0, 2, 4] { try writePart("part-\(part).npy", seed: part) }
    let grown = try run(file)
    #expect(try made(grown, of: "moments") == ["part-0", "part-2", "part-4"])
    let state = try folder.read("out/moments.h5")
    try FileManager.default.removeItem(atPath: folder.file("out"))
    #expect(try run(file).output == grown.output)
    #expect(try folder.read("out/moments.h5") == state)
  }

  @Test("A file that grows at its end keeps its windows")
  func growingFile() throws {
    try writePart("part-1.npy", seed: 1, rows: 1000)
    let file = try pipeline("shard-rows: 400")
    #expect(try made(run(file), of: "moments") == ["part-1.0-399", "part-1.400-799", "part-1.800-999"])
    var longer = try folder.read("part-1.npy")
    try writePart("more.npy", seed: 2, rows: 300)
    longer += try folder.read("more.npy")
    try folder.write("part-1.npy", longer)
    let result = try run(file)
    #expect(
      try made(result, of: "moments").filter { !$0.hasSuffix("-999") } == ["part-1.1200-1299", "part-1.800-1199"])
  }

  @Test(
    "Shards give the measures of the whole, up to rounding, and the same bytes for any number of threads",
    arguments: ["shard-files: 1", "shard-files: 2", "shard-files: 9", "shard-rows: 250", "shard-rows: 1"])
  func whole(shards: String) throws {
    for part in 0..<3 { try writePart("part-\(part).npy", seed: part, rows: shards == "shard-rows: 1" ? 10 : 900) }
    let whole = try Golden.numbers(run(pipeline("checkpoint: off")).output)
    let one = try run(pipeline(shards), "--set", "out=\(folder.file("one"))")
    let two = try run(pipeline(shards, threads: 2), "--set", "out=\(folder.file("two"))")
    #expect(one.output == two.output)
    #expect(try folder.read("one/moments.h5") == folder.read("two/moments.h5"))
    let found = try Golden.numbers(one.output)
    #expect(found.count == whole.count)
    for (key, value) in whole { #expect(Golden.deviation(found[key], value) <= 1e-9, "\(key)") }
  }

  @Test("Shards work after filters, are repeated by a matrix, and are next to an explicit output")
  func more() throws {
    for part in 0..<2 { try writePart("part-\(part).npy", seed: part) }
    let file = try pipeline(
      "shard-files: 1",
      more: """
          some: { uses: filter, from: corpus, matrix: { least: [0, 10] }, tokens: "${least}-29" }
          states: { uses: accumulate, from: some, shard-files: 1, output: "\(folder.path)/made/s-${least}.h5" }
          table: { uses: collect, measures: numbers }
          numbers: { uses: measure, moments: states }
        """)
    try FileManager.default.createDirectory(atPath: folder.file("made"), withIntermediateDirectories: false)
    _ = try run(file, "--allow-outputs")
    let made = try FileManager.default.subpathsOfDirectory(atPath: folder.file("made")).filter {
      $0.hasSuffix(".h5")
    }
    #expect(
      made.sorted() == [
        "s-0.h5", "s-0/part-0.h5", "s-0/part-1.h5", "s-10.h5", "s-10/part-0.h5", "s-10/part-1.h5",
      ])
    let rows = String(decoding: try folder.read("out/table.csv"), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == 3 && rows[1].hasPrefix("numbers.least=0,0,"))
  }

  @Test("Shards without an output folder are made in scratch, and are gone afterwards")
  func scratch() throws {
    for part in 0..<2 { try writePart("part-\(part).npy", seed: part) }
    let file = try folder.write(
      "p.yaml",
      text: """
        stages:
          corpus: { uses: read, files: "\(folder.path)/part-*.npy" }
          moments: { uses: accumulate, from: corpus, shard-files: 1 }
          geometry: { uses: measure, moments: moments }
        """)
    #expect(try !run(file).output.isEmpty)
    #expect(try folder.names.sorted() == ["p.yaml", "part-0.npy", "part-1.npy"])
  }

  @Test("Files with the same name in two folders are two shards")
  func names() throws {
    for place in ["a", "b"] {
      try FileManager.default.createDirectory(atPath: folder.file(place), withIntermediateDirectories: false)
      try writePart("\(place)/x.npy", seed: place == "a" ? 1 : 2)
    }
    let file = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          corpus: { uses: read, files: ["\(folder.path)/a/x.npy", "\(folder.path)/b/x.npy"] }
          moments: { uses: accumulate, from: corpus, shard-files: 1 }
        """)
    _ = try run(file)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out/moments")).filter {
      $0.hasSuffix(".h5")
    }
    #expect(names.count == 2 && names.contains { $0.hasSuffix("a_x.h5") } && names.contains { $0.hasSuffix("b_x.h5") })
  }

  @Test(
    "A stream that cannot be split is refused, with the reason and the position",
    arguments: [
      (
        "read", "files: \"DIR/a.npy\"", "shard-files: 1, shard-rows: 9",
        "expected shard-files or shard-rows, found both"
      ),
      ("read", "files: \"-\"", "shard-files: 1", "expected files to split, found a stream that can be read only once"),
      ("read", "command: cat", "shard-files: 1", "expected files to split, found a stream that can be read only once"),
      (
        "read", "files: \"DIR/a.npy\", rows: 0-9", "shard-files: 1",
        "expected files to split, found a range of their rows"
      ),
      ("read", "files: \"DIR/a.npy.zst\"", "shard-rows: 9", "expected files that allow seeking to any row, found"),
      ("read", "files: \"DIR/a.npy\"", "shard-files: 1, measure-every: 100", "expected measure-every or shard-files"),
      ("read", "files: \"DIR/a.npy\"", "shard-files: 0", "expected a whole number of at least 1 for shard-files"),
    ])
  func refused(kind: String, options: String, shards: String, words: String) throws {
    try writePart("a.npy", seed: 1)
    #expect(try Tool.run("zstd", ["-q", folder.file("a.npy")]).status == 0)
    let file = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          corpus: { uses: \(kind), \(options.replacingOccurrences(of: "DIR", with: folder.path)) }
          moments: { uses: accumulate, from: corpus, \(shards) }
        """)
    let result = try Tool.collapse("validate", file)
    #expect(result.status == 65)
    #expect(result.errors.contains(words) && result.errors.contains("p.yaml:4:"), "\(result.errors)")
  }
}
