import Foundation
import TestSupport
import Testing

@Suite("Counting classes")
struct CountTests {
  private let folder: TemporaryFolder
  private let tokens: [Int32]

  init() throws {
    folder = try TemporaryFolder()
    var generator = SeededGenerator(6)
    tokens = (0..<200_000).map { _ in Int32.random(in: 0..<60_000, using: &generator) / 7 }
  }

  /// The table of some tokens, counted by hand.
  private func table(_ tokens: [Int32]) -> String {
    var counts: [Int32: Int] = [:]
    for token in tokens { counts[token, default: 0] += 1 }
    return "token,count\n" + counts.keys.sorted().map { "\($0),\(counts[$0] ?? 0)\n" }.joined()
  }

  private func count(_ arguments: String..., input: [UInt8]? = nil) throws -> String {
    let result = try Tool.run(Places.tool, ["count"] + arguments, input: input)
    #expect(result.status == 0, "\(result.errors)")
    return result.text
  }

  private func compress(_ path: String) throws -> String {
    #expect(try Tool.run("zstd", ["-q", path]).status == 0)
    return path + ".zst"
  }

  @Test("Token files of every kind agree with a count by hand: several arrays, raw, compressed, from a pipe")
  func tokenFiles() throws {
    let expected = table(tokens)
    let arrays = try folder.write(
      "a.npy", NPY.labels(Array(tokens[..<70_000])) + NPY.integers(tokens[70_000...].map { UInt16($0) }))
    let big = try folder.write("b.npy", NPY.integers(tokens.map { Int64($0) }, isBigEndian: true))
    let short = try folder.write("c.bin", NPY.bytes(of: tokens.map { UInt16($0) }))
    let long = try folder.write("d.bin", NPY.bytes(of: tokens.map { UInt32($0) }))
    #expect(try count(arrays) == expected)
    #expect(try count(big) == expected)
    #expect(try count(short, "--token-type", "uint16") == expected)
    #expect(try count(long, "--token-type", "uint32") == expected)
    #expect(try count(compress(arrays)) == expected)
    #expect(try count(compress(long), "--token-type", "uint32", "--threads", "1") == expected)
    #expect(try count("-", input: NPY.labels(tokens)) == expected)
    #expect(try count(short, arrays, "--token-type", "uint16") == table(tokens + tokens))
    let large: [Int32] = [.max - 1, 0, .max - 1, 1 << 21]
    #expect(try count(folder.write("e.npy", NPY.labels(large))) == table(large))
  }

  @Test(
    "In streams labels count, but not predictions or features; in a pipeline, samples after the filters count"
  )
  func streams() throws {
    let labels = Array(tokens[..<5_000])
    var bytes: [UInt8] = []
    for part in 0..<5 {
      let some = Array(labels[part * 1_000..<(part + 1) * 1_000])
      bytes += NPY.labels(some)
      if part % 2 == 0 { bytes += NPY.labels(some.map { $0 + 1 }) }
      bytes += NPY.features("<f4", some.flatMap { [Float($0), 1] }, dimension: 2)
    }
    let stream = try folder.write("a.npy", bytes)
    #expect(try count(stream) == table(labels))
    #expect(try count(compress(stream)) == table(labels))
    let file = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.path)" }
        stages:
          train: { uses: read, files: "\(stream)" }
          some: { uses: filter, from: train, tokens: 0-4000 }
          few: { uses: count, from: some }
          all: { uses: count, files: "\(stream)" }
        """)
    for round in 0..<2 {
      let result = try Tool.collapse("run", file)
      #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
      #expect(result.errors.contains("few: up to date") == (round == 1), "\(result.errors)")
      #expect(result.errors.contains("all: up to date") == (round == 1), "\(result.errors)")
    }
    #expect(try String(decoding: folder.read("few.csv"), as: UTF8.self) == table(labels.filter { $0 <= 4_000 }))
    #expect(try String(decoding: folder.read("all.csv"), as: UTF8.self) == table(labels))
  }

  @Test("Streams of every format are counted; names choose their arrays, and --raw takes every byte")
  func everyStream() throws {
    let ids = Array(tokens[..<600])
    let features = NPY.bytes(of: [Float](repeating: 1, count: 1_200))
    let file = try folder.write(
      "s.safetensors",
      Safetensors.file([
        ("ids", "I32", [600, 1], NPY.bytes(of: ids)), ("other", "I32", [600], NPY.bytes(of: ids.map { $0 + 1 })),
        ("x", "F32", [600, 1, 2], features),
      ]))
    #expect(try count(file, "--labels", "ids", "--features", "x") == table(ids))
    #expect(try count(file + "#other") == table(ids.map { $0 + 1 }))
    let bits = NPY.array("<u2", [600, 2], Array(features[..<2_400]))
    #expect(try count(folder.write("b.npy", NPY.labels(ids) + bits), "--bf16") == table(ids))
    let zip = try folder.write("z.bin", [0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0, count: 40))
    let refused = try Tool.run(Places.tool, ["count", zip, "--token-type", "uint16"])
    #expect(refused.status == 65 && refused.errors.contains("a zip file") && refused.errors.contains("add --raw"))
    #expect(try count(zip, "--token-type", "uint16", "--raw") == "token,count\n0,20\n1027,1\n19280,1\n")
    let alone = try Tool.run(Places.tool, ["count", zip, "--raw"])
    #expect(alone.status == 64 && alone.errors.contains("--token-type"), "\(alone.errors)")
    let both = try Tool.run(Places.tool, ["count", file, "--labels", "ids", "--end-of-text", "5"])
    #expect(both.status == 64 && both.errors.contains("leave one of them out"), "\(both.errors)")
  }

  @Test("Files that hold something else are named with advice")
  func wrong() throws {
    func errors(_ arguments: String...) throws -> String {
      let result = try Tool.run(Places.tool, ["count"] + arguments)
      #expect(result.status == 65)
      return result.errors
    }
    let raw = try folder.write("a.bin", [1, 0, 2, 0, 3])
    #expect(try errors(raw).contains("give their type: --token-type uint16 or uint32"))
    #expect(try errors(raw, "--token-type", "uint16").contains("expected 2 bytes for each token id, found 1 left over"))
    let negative = try folder.write("b.npy", NPY.labels([1, 2]) + NPY.labels([3, -100]))
    #expect(try errors(negative).contains("b.npy, token 3: expected an id of at least 0"))
    #expect(try errors(folder.write("c.npy", [])).contains("no bytes at all"))
    #expect(try errors(folder.write("d.npy", NPY.floats([[1]]))).contains("expected token ids: 1-d integers"))
    #expect(try errors(folder.write("e.npy", NPY.labels([1, 2]).dropLast(2) + [])).contains("e.npy"))
    let file = try folder.write("p.yaml", text: "stages:\n  c: { uses: count }\n")
    #expect(try Tool.collapse("validate", file).errors.contains("p.yaml:2:14: stage “c” needs from or files"))
  }
}
