import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A filter that passes each k-th sequence: its results have the bytes of those from a file with these sequences.
@Suite("Filtering by sequence")
struct SequenceFilterTests {
  private let folder: TemporaryFolder
  private static let fixtures = Places.root.path + "/Tests/FormatsTests/Fixtures/"

  init() throws { folder = try TemporaryFolder() }

  /// The state of the filtered part of a stream.
  private func filtered(_ read: String, _ filter: String, also stages: String = "") throws -> [UInt8] {
    let result = try run(read, filter, also: stages)
    #expect(result.status == 0, "\(result.errors)")
    return try folder.read("out/m.h5")
  }

  private func run(_ read: String, _ filter: String, also stages: String = "") throws -> Tool.Result {
    let file = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          train: { uses: read, \(read) }
          some: { uses: filter, from: train, \(filter) }
          m: { uses: accumulate, from: some, within: pooled }
        \(stages)
        """)
    return try Tool.run(Places.tool, ["run", file])
  }

  private func state(_ arguments: String...) throws -> [UInt8] {
    let result = try Tool.run(
      Places.tool, ["accumulate"] + arguments + ["--within", "pooled", "--output", folder.file("s.h5")])
    #expect(result.status == 0, "\(result.errors)")
    return try folder.read("s.h5")
  }

  @Test("With separate tokens, the samples agree with an oracle in Python, and with those that reading takes")
  func apart() throws {
    let paired = Self.fixtures + "paired/"
    let read = """
      files: "\(paired)features.npy", tokens: "\(paired)tokens-uint16.bin", token-type: uint16,
          sequence-offsets: "\(paired)offsets.npy"
      """
    #expect(try filtered(read, "every-sequence: 3") == state(paired + "expected-offsets-every.npy"))
    #expect(
      try filtered(read + ", end-of-text: 9", "every-sequence: 2") == state(paired + "expected-offsets-eot-every.npy"))
    let apart = [
      paired + "features.npy", "--tokens", paired + "tokens-uint16.bin", "--token-type", "uint16",
      "--sequence-offsets", paired + "offsets.npy",
    ]
    let result = try Tool.run(
      Places.tool,
      ["accumulate"] + apart + ["--every-sequence", "6", "--within", "pooled", "--output", folder.file("s.h5")])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try filtered(read + ", every-sequence: 3", "every-sequence: 2") == folder.read("s.h5"))
  }

  @Test("Each group of an HDF5 file is a sequence, even those without rows")
  func groups() throws {
    let stream = try folder.write("all.npy", Tool.collapse("write", Self.fixtures + "groups.h5").output)
    let read = "files: \"\(Self.fixtures)groups.h5\""
    // With 100, 0, 1 and 49 rows.
    #expect(try filtered(read, "every-sequence: 2") == filtered("files: \"\(stream)\"", "first: 101"))
    #expect(try filtered(read, "every-sequence: 4") == filtered("files: \"\(stream)\"", "first: 100"))
  }

  @Test("With ends of text or numbers of samples, across files, blocks and interruptions")
  func labels() throws {
    var random = SeededGenerator(11)
    var (kept, sequence): ([(Int32, [Float])], Int) = ([], 0)
    var blocks: [(Int32, [Float])] = []
    var names: [String] = []
    for file in 0..<3 {
      let rows = 50_000 + file
      let labels = (0..<rows).map { _ in Int32.random(in: 0..<40, using: &random) }
      let features = (0..<rows).map { _ in [Float(random.normal()), Float(random.normal())] }
      names.append(try folder.write("\(file).npy", NPY.batch(labels, features.flatMap(\.self), dimension: 2)))
      sequence = 0
      for row in 0..<rows {
        if sequence % 3 == 0, labels[row] != 7 { kept.append((labels[row], features[row])) }
        if labels[row] == 0 { sequence += 1 }
        if row / 1_000 % 5 == 0 { blocks.append((labels[row], features[row])) }
      }
    }
    func byHand(_ samples: [(Int32, [Float])]) throws -> [UInt8] {
      try state(folder.write("h.npy", NPY.batch(samples.map(\.0), samples.flatMap(\.1), dimension: 2)))
    }
    let read = "files: [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]"
    #expect(try filtered(read, "every-sequence: 3, end-of-text: 0, drop: 7") == byHand(kept))
    #expect(try filtered(read, "every-sequence: 5, sequence-samples: 1000") == byHand(blocks))
    let shards = try filtered(
      read, "every-sequence: 3, end-of-text: 0, drop: 7",
      also: """
          parts: { uses: accumulate, from: some, within: pooled, shard-files: 1 }
          n: { uses: merge, states: parts }
        """)
    #expect(try shards == byHand(kept))
    #expect(try folder.read("out/n.h5").count == shards.count)
  }

  @Test("A stream without sequence ends is refused with the options to give")
  func unsaid() throws {
    let stream = try folder.write("a.npy", NPY.batch([1, 2], [1, 2], dimension: 1))
    let result = try run("files: \"\(stream)\"", "every-sequence: 2")
    #expect(result.status == 65)
    #expect(result.errors.contains("stage “some”") && result.errors.contains("sequence-samples"), "\(result.errors)")
  }
}
