import Foundation
import TestSupport
import Testing

@testable import KindsForTests
@testable import Plan

@Suite("The parts of a stream")
struct ShardPartsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func make(_ name: String, rows: Int = 3) throws {
    let path = (folder.file(name) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let numbers = (0..<rows).map { Float($0) }
    try folder.write(name, NPY.batch(numbers.map { Int32($0) }, numbers, dimension: 1))
  }

  /// The names of the shards over files, and the inputs of each.
  private func parts(_ files: [String], _ rule: String) throws -> [(name: String, files: [String], rows: String?)] {
    let list = files.map { "\"\(folder.file($0))\"" }.joined(separator: ", ")
    let graph = try StandardKinds.graph(
      StandardKinds.parse(
        """
        parameters: { out: o }
        stages:
          s: { uses: read, files: [\(list)] }
          m: { uses: accumulate, from: s, \(rule) }
        """, file: "p.yaml"))
    return graph.stages.indices.compactMap { number in
      let (stage, reader) = (graph.stages[number], graph.stages[number].reader ?? 0)
      guard let shard = stage.shard, !stage.makesStream else { return nil }
      #expect(stage.name == "m/\(shard.part)" && shard.stage == "m" && shard.written == "m")
      let options = graph.description.stages[reader].options
      return (
        shard.part, options["files"]?.values.map { String($0.value.dropFirst(folder.path.count + 1)) } ?? [],
        options["rows"]?.values.first?.value
      )
    }
  }

  @Test("A filter that counts ends of text gets only whole files; one that counts rows may get rows from within a file")
  func sequences() throws {
    let file = folder.file("a.npy")
    try make("a.npy", rows: 10)
    func shards(_ filter: String, _ rule: String) throws -> Int {
      try StandardKinds.graph(
        StandardKinds.parse(
          """
          parameters: { out: o }
          stages:
            s: { uses: read, files: "\(file)" }
            f: { uses: filter, from: s, every-sequence: 2, \(filter) }
            m: { uses: accumulate, from: f, \(rule) }
          """, file: "p.yaml")
      ).stages.count { $0.shard != nil && !$0.makesStream }
    }
    #expect(try shards("sequence-samples: 5", "shard-rows: 5") == 2)
    #expect(try shards("end-of-text: 0", "shard-files: 1") == 1)
    let error = #expect(throws: PipelineError.self) { try shards("end-of-text: 0", "shard-rows: 5") }
    #expect(error.map { "\($0)" }?.contains("“f” counts ends of text") == true)
  }

  @Test("A shard is named after its first file, without the extension")
  func names() throws {
    let files = ["train-00.npy", "b.npy", "c.npy.zst", "d", "e.safetensors.x.npy"]
    for file in files { try make(file) }
    #expect(
      try parts(files, "shard-files: 1").map(\.name) == ["train-00", "b", "c", "d", "e.safetensors.x"])
  }

  @Test("If files in several folders share names, the folders are in the names of their shards")
  func clashes() throws {
    for file in ["x/a.npy", "y/a.npy", "y/b.npy"] { try make(file) }
    let names = try parts(["x/a.npy", "y/a.npy", "y/b.npy"], "shard-files: 1").map(\.name)
    #expect(names[0].hasSuffix("_x_a") && names[1].hasSuffix("_y_a") && names[2] == "b", "\(names)")
  }

  @Test(
    "If a pattern leaves folders open, their names are used, so later files with equal names change no shard name")
  func folders() throws {
    for file in ["p/x/a-1.npy", "p/x/a-2.npy", "p/y/b.npy"] { try make(file) }
    let before = try parts(["p/*/*.npy"], "shard-files: 1")
    #expect(before.map(\.name) == ["x_a-1", "x_a-2", "y_b"])
    for file in ["p/w/a-1.npy", "p/y/a-2.npy", "p/z/b.npy"] { try make(file) }
    let after = try parts(["p/*/*.npy"], "shard-files: 1")
    #expect(after.map(\.name) == ["w_a-1", "x_a-1", "x_a-2", "y_a-2", "y_b", "z_b"])
    #expect(before.allSatisfy { old in after.contains { $0.name == old.name && $0.files == old.files } })
    #expect(try parts(["p/[xy]/?-2.npy"], "shard-files: 1").map(\.name) == ["x_a-2", "y_a-2"])
    #expect(try parts(["p/x/*.npy", "p/y/b.npy"], "shard-files: 1").map(\.name) == ["a-1", "a-2", "b"])
  }

  @Test("Whatever files are called, shards have distinct names that work as file names")
  func oddNames() throws {
    let long = String(repeating: "l", count: 200)
    let files = [
      "a b.npy", "a_b.npy", "a_b.2.npy", "ä.npy", "ö.npy", "#.npy", "'.npy", "...npy", ".npy", "\(long)1.npy",
      "x\(long)1.npy", "$(x).npy",
    ]
    for file in files { try make(file) }
    for rule in ["shard-files: 1", "shard-rows: 2"] {
      let parts = try parts(files + ["a b.npy"], rule)
      #expect(Set(parts.map(\.name)).count == parts.count, "\(parts.map(\.name))")
      for part in parts {
        #expect(part.name.utf8.count <= 130)
        #expect(part.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.+-".contains($0)) })
      }
      #expect(Set(parts.flatMap(\.files)) == Set(files))
    }
  }

  @Test("With a number of files per shard, the last one has the rest")
  func several() throws {
    let files = (0..<5).map { "p-\($0).npy" }
    for file in files { try make(file) }
    let parts = try parts(files, "shard-files: 2")
    #expect(parts.map(\.name) == ["p-0", "p-2", "p-4"])
    #expect(parts.map(\.files) == [Array(files[0..<2]), Array(files[2..<4]), Array(files[4..<5])])
    #expect(try self.parts(files, "shard-files: 9").map(\.files) == [files])
  }

  @Test("With a number of rows per shard, each is within one file, and the last of a file has the rest")
  func rows() throws {
    try make("a.npy", rows: 10)
    try make("b.npy", rows: 3)
    try make("c.npy", rows: 4)
    let parts = try parts(["a.npy", "b.npy", "c.npy"], "shard-rows: 4")
    #expect(parts.map(\.name) == ["a.0-3", "a.4-7", "a.8-9", "b.0-2", "c.0-3"])
    #expect(parts.map(\.rows) == ["0-3", "4-7", "8-9", "0-2", "0-3"])
    #expect(parts.map(\.files) == [["a.npy"], ["a.npy"], ["a.npy"], ["b.npy"], ["c.npy"]])
    #expect(try self.parts(["a.npy"], "shard-rows: 1e6").map(\.name) == ["a.0-9"])
    let names = try self.parts(["a.npy"], "shard-rows: 1").map(\.name)
    #expect(names.count == 10 && names.last == "a.9-9")
  }

  @Test("A corpus that grows keeps its shards", arguments: [0, 1, 3])
  func growing(place: Int) throws {
    let files = ["a.npy", "b.npy", "c.npy"]
    for file in files + ["new.npy"] { try make(file) }
    for rule in ["shard-files: 1", "shard-rows: 2"] {
      let before = try parts(files, rule).map(\.name)
      var more = files
      more.insert("new.npy", at: place)
      let after = try parts(more, rule).map(\.name)
      #expect(after.filter { !$0.hasPrefix("new") } == before)
    }
  }

  @Test("An absurd number of shards is refused before they are made")
  func most() throws {
    try make("a.npy", rows: 10_001)
    let error = #expect(throws: PipelineError.self) { _ = try parts(["a.npy"], "shard-rows: 1") }
    #expect(error?.description.contains("expected at most 10000 shards, found 10001") == true)
  }
}
