import TestSupport
import Testing

@testable import KindsForTests
@testable import Plan

@Suite("How a stream is split into shards")
struct ShardRuleTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b", "c"] { try folder.write("\(name).npy", NPY.batch([1, 2, 1], [1, 2, 3], dimension: 1)) }
  }

  /// The problems of a pipeline whose stage `m`, in line 4, splits the stream of `s`, in line 3.
  private func problems(read: String = "files: \"DIR/*.npy\"", _ options: String, between: String? = nil) throws
    -> [String]
  {
    let text = """
      parameters: { out: o }
      stages:
        s: { uses: read, \(read) }
        m: { uses: accumulate, \(options), from: \(between == nil ? "s" : "f") }
        \(between ?? "")
      """.replacing("DIR", with: folder.path)
    let (description, found) = StandardKinds.check(text: text, file: "p.yaml", settings: [])
    let error = #expect(throws: PipelineError.self) { _ = try StandardKinds.graph(description, found: found) }
    return error?.problems.map { "\($0)".replacing(folder.path, with: "DIR") } ?? []
  }

  @Test("An impossible value is one problem, at its option, with advice")
  func options() throws {
    for (options, message) in [
      ("shard-files: 1, shard-rows: 5", "p.yaml:4:26: expected shard-files or shard-rows, found both"),
      ("shard-files: 0", "p.yaml:4:39: expected a whole number of at least 1 for shard-files, found “0”"),
      ("shard-rows: 0.5", "p.yaml:4:38: expected a whole number from 1 to"),
      ("shard-file: 1", "p.yaml:4:26: unknown option “shard-file” of accumulate\n  → did you mean “shard-files”?"),
      ("shard-files: 1, measure-every: 2", "p.yaml:4:42: expected measure-every or shard-files, found both"),
    ] {
      let found = try problems(options)
      let start = String(message.prefix { $0 != " " })
      #expect(found.count == 1, "\(found)")
      #expect(found.first?.hasPrefix("p.yaml:4:") == true && start.hasPrefix("p.yaml:4:"), "\(found)")
      #expect(found.first?.contains(message.dropFirst(start.count)) == true, "\(message): \(found)")
    }
  }

  @Test("A stream read once, in part, or with a limit cannot be split; nor can frames be split by rows")
  func streams() throws {
    try folder.write("z.npy.zst", [0x28, 0xB5, 0x2F, 0xFD, 0x20, 0, 1, 0, 0])
    try folder.write("t.npy", NPY.labels([1, 2, 3]))
    for (read, options, between, message) in [
      ("command: cat", "shard-files: 1", nil, "expected files to split, found a stream that can be read only once"),
      ("files: \"-\"", "shard-files: 1", nil, "expected files to split, found a stream that can be read only once"),
      (
        "files: \"DIR/*.npy\", rows: 0-3", "shard-rows: 2", nil,
        "expected files to split, found a range of their rows\n  → leave shard-rows out, or name files"
      ),
      (
        "files: \"DIR/*.npy\"", "shard-files: 1", "f: { uses: filter, from: s, first: 5 }",
        "“f” passes on the first samples, which a shard cannot count\n  → leave out first there, or shard-files here"
      ),
      (
        "files: DIR/z.npy.zst", "shard-rows: 2", nil,
        "expected files that allow seeking to any row, found DIR/z.npy.zst, which is a pipe or in Zstandard frames"
      ),
    ] as [(String, String, String?, String)] {
      let found = try problems(read: read, options, between: between)
      #expect(found.count == 1 && found[0].hasPrefix("p.yaml:4:") && found[0].contains(message), "\(found)")
    }
  }

  @Test("If there is not one token file per input, the option that names them is refused")
  func tokens() throws {
    for name in ["x", "y"] { try folder.write("\(name).f", NPY.features("<f4", [1, 2, 3] as [Float], dimension: 1)) }
    try folder.write("t.npy", NPY.labels([1, 2, 3]))
    let found = try problems(read: "files: \"DIR/?.f\", tokens: DIR/t.npy", "shard-files: 1")
    #expect(found.count == 1 && found[0].hasPrefix("p.yaml:3:"), "\(found)")
  }

  @Test("A truncated file is a problem of the option, and bad input")
  func damaged() throws {
    try folder.write("d.npy", Array(NPY.batch([1, 2, 1], [1, 2, 3], dimension: 1).dropLast(3)))
    let found = try problems("shard-rows: 2")
    #expect(found.count == 1 && found[0].hasPrefix("p.yaml:4:") && found[0].contains("d.npy"), "\(found)")
  }

  @Test("A pipe cannot be split by rows, and nothing waits for it", .timeLimit(.minutes(5)))
  func pipe() throws {
    _ = try folder.makePipe("p.npy")
    let found = try problems("shard-rows: 2")
    #expect(found.count == 1 && found[0].contains("p.npy, which is a pipe"), "\(found)")
  }
}
