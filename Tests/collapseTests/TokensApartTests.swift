import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Features and tokens in separate files, as a user reads them.
@Suite("Tokens and features in separate files")
struct TokensApartTests {
  private let folder: TemporaryFolder
  private static let fixtures = Places.root.path + "/Tests/FormatsTests/Fixtures/paired/"

  init() throws { folder = try TemporaryFolder() }

  /// The state of a stream, as bytes.
  private func state(_ arguments: [String]) throws -> [UInt8] {
    let result = try Tool.run(
      Places.tool, ["accumulate"] + arguments + ["--within", "pooled", "--output", folder.file("state.h5")])
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return try folder.read("state.h5")
  }

  /// The content and the last extent of each array in a stream.
  private static func arrays(_ stream: [UInt8]) -> [(content: [UInt8], header: String)] {
    var (arrays, rest): ([(content: [UInt8], header: String)], ArraySlice<UInt8>) = ([], stream[...])
    while rest.count > 10 {
      let start = rest.startIndex
      let end = start + 10 + Int(rest[start + 8]) + 256 * Int(rest[start + 9])
      let header = String(decoding: rest[(start + 10)..<end], as: UTF8.self)
      let numbers = header.split(separator: "'shape': (")[1].split(separator: ")")[0].split(separator: ",")
      let shape = numbers.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
      let width = Int(String(header.split(separator: "'descr': '")[1].prefix(3).last ?? "1")) ?? 1
      let next = end + shape.reduce(width, *)
      arrays.append((Array(rest[end..<next]), header))
      rest = rest[next...]
    }
    return arrays
  }

  @Test(
    "Each sample of the example as a sequence of two positions gives the state of the example, byte for byte",
    arguments: Places.hasShared ? [Places.sample, Places.shared] : [Places.sample])
  func example(data: String) throws {
    let stream = data + "/train-*.npy.zst"
    let expected = try state([stream])
    let written = try Tool.collapse("write", stream, "--batch", "1000000").output
    var (labels, features): ([Int32], [[UInt8]]) = ([], [])
    var type = ""
    for array in Self.arrays(written) {
      if array.header.contains("f2") || array.header.contains("f4") {
        type = array.header.contains("f2") ? "<f2" : "<f4"
        let row = array.content.count / labels.count
        features = (0..<labels.count).map { Array(array.content[$0 * row..<($0 + 1) * row]) }
      } else if labels.isEmpty {
        labels = array.content.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) }
      }
    }
    let (count, dimension) = (labels.count, (features.first?.count ?? 0) / (type == "<f2" ? 2 : 4))
    // The second position of a sequence has features that belong to no sample.
    let positions = features.indices.flatMap { features[$0] + features[($0 + 1) % count] }
    let tokens = labels.flatMap { [UInt16(truncatingIfNeeded: $0 &* 7 % 1000), UInt16($0)] }
    let flat = try folder.write("flat.npy", NPY.array(type, [2 * count, dimension], positions))
    let stacked = try folder.write("stacked.npy", NPY.array(type, [count, 2, dimension], positions))
    let raw = try folder.write("tokens.bin", NPY.bytes(of: tokens))
    let pairs = try folder.write("tokens.npy", NPY.array("<u2", [count, 2], NPY.bytes(of: tokens)))
    for file in [flat, stacked, raw, pairs] {
      #expect(try Tool.run("zstd", ["-q", "-1", file]).status == 0)
    }
    for suffix in ["", ".zst"] {
      #expect(
        try state([flat + suffix, "--tokens", raw + suffix, "--token-type", "uint16", "--sequence-length", "2"])
          == expected)
      #expect(try state([stacked + suffix, "--tokens", pairs + suffix, "--threads", "1"]) == expected)
    }
    #expect(try state([flat, "--tokens", pairs + ".zst"]) == expected)
    let all = try Tool.collapse("count", stream).text
    #expect(try Tool.collapse("count", pairs).text == all)
    #expect(try Tool.collapse("count", raw, "--token-type", "uint16", "--sequence-length", "2").text == all)
  }

  @Test("write and decide take them like the equivalent stream, predictions included")
  func verbs() throws {
    let stream = Self.fixtures + "expected-rows-eot-predictions.npy"
    let apart = [Self.fixtures + "all.h5", "--tokens", Self.fixtures + "tokens-2d.npy", "--end-of-text", "9"]
    let written = try Tool.run(Places.tool, ["write"] + apart)
    #expect(written.status == 0, "\(written.errors)")
    #expect(try !written.output.isEmpty && written.output == Tool.collapse("write", stream).output)
    _ = try state([stream])
    let head = try folder.write("w.npy", NPY.features("<f4", (0..<36).map { Float($0 * 7 % 11) - 5 }, dimension: 3))
    let decisions = try [[stream], apart].map { inputs in
      let result = try Tool.run(
        Places.tool,
        ["decide"] + inputs + [
          "--moments", folder.file("state.h5"), "--classifier", head, "--output", folder.file("decisions.h5"),
        ])
      #expect(result.status == 0, "\(result.errors)")
      return try folder.read("decisions.h5")
    }
    #expect(decisions[0] == decisions[1])
  }

  @Test("count makes the same labels from tokens alone as reading makes with features")
  func counts() throws {
    func count(_ arguments: String...) throws -> String {
      let result = try Tool.run(Places.tool, ["count"] + arguments)
      #expect(result.status == 0, "\(result.errors)")
      return result.text
    }
    let (raw, offsets) = (Self.fixtures + "tokens-uint16.bin", Self.fixtures + "offsets.npy")
    func expected(_ name: String) throws -> String { try count(Self.fixtures + "expected-\(name).npy") }
    for tokens in [raw, raw + ".zst", Self.fixtures + "tokens.npy", Self.fixtures + "all.h5#input_ids"] {
      #expect(try count(tokens, "--token-type", "uint16", "--sequence-offsets", offsets) == expected("offsets"))
      #expect(
        try count(
          tokens, "--token-type", "uint16", "--sequence-lengths", Self.fixtures + "all.h5#lengths", "--end-of-text",
          "9",
          "--every-sequence", "2") == expected("offsets-eot-every"))
      #expect(
        try count(tokens, "--token-type", "uint16", "--end-of-text", "9", "--ignore", "9", "--ignore", "3")
          == expected("eot-ignored"))
    }
    #expect(try count(Self.fixtures + "tokens-2d.npy") == expected("rows"))
    #expect(try count(Self.fixtures + "padded.npy", "--ignore", "-100") == expected("padded"))
    let wrong = try Tool.collapse(
      "count", raw + ".zst", "--token-type", "uint32", "--sequence-offsets", offsets)
    #expect(wrong.status == 65 && wrong.errors.contains("44, the number of positions"), "\(wrong.errors)")
  }

  @Test(
    "One token file for several feature files gives the state of tokens cut at sequence ends, byte for byte")
  func shared() throws {
    var generator = SeededGenerator(9)
    let tokens = (0..<600).map { _ in UInt16.random(in: 0..<9, using: &generator) }
    let features = (0..<1200).map { _ in Float.random(in: -1...1, using: &generator) }
    let all = try folder.write("train.bin", NPY.bytes(of: tokens))
    let whole = try folder.write("x.npy", NPY.features("<f4", features, dimension: 2))
    var (shards, cut): ([String], [String]) = ([], [])
    for (number, range) in [0..<120, 120..<360, 360..<600].enumerated() {
      let rows = Array(features[2 * range.lowerBound..<2 * range.upperBound])
      shards.append(try folder.write("x-\(number).npy", NPY.features("<f4", rows, dimension: 2)))
      cut += ["--tokens", try folder.write("t-\(number).bin", NPY.bytes(of: Array(tokens[range])))]
    }
    let rest = ["--token-type", "uint16", "--sequence-length", "24", "--end-of-text", "3"]
    let expected = try state(shards + cut + rest)
    #expect(try state(shards + ["--tokens", all] + rest) == expected)
    #expect(try Tool.run("zstd", ["-q", "-1", all]).status == 0)
    #expect(try state([folder.file("x-*.npy"), "--tokens", all + ".zst"] + rest) == expected)
    #expect(try state([whole, "--tokens", all] + rest) == expected)
    for tokens in [all, all + ".zst"] {
      let arguments = shards.dropLast() + ["--tokens", tokens] + rest + ["--output", folder.file("x.h5")]
      let result = try Tool.run(Places.tool, ["accumulate"] + arguments)
      #expect(result.status == 65, "\(result.errors)")
      #expect(
        result.errors.contains("expected 360 token ids, one for each position of the features (2 inputs"))
      #expect(result.errors.contains("found 600"), "\(result.errors)")
    }
  }

  @Test("After an interruption it resumes from a checkpoint and ends with the same bytes", arguments: [false, true])
  func resumed(compressed: Bool) throws {
    var generator = SeededGenerator(4)
    let count = 600_000
    var (tokens, features): ([UInt16], [Float]) = ([], [])
    for _ in 0..<count {
      let bits = generator.next()
      tokens.append(UInt16(bits % 500))
      features.append(Float(bits % 17))
      features.append(Float(Int32(truncatingIfNeeded: bits >> 32)) * 0x1p-31)
    }
    var lengths: [Int32] = []
    var left = count
    while left > 0 {
      lengths.append(Int32(min(left, Int.random(in: 0..<3_000, using: &generator))))
      left -= Int(lengths.last ?? 0)
    }
    var inputs = [
      try folder.write("hidden.npy", NPY.features("<f4", features, dimension: 2)),
      try folder.write("tokens.bin", NPY.bytes(of: tokens)),
    ]
    if compressed {
      for input in inputs { #expect(try Tool.run("zstd", ["-q", "-1", input]).status == 0) }
      inputs = inputs.map { $0 + ".zst" }
    }
    let bounds = try folder.write("lengths.npy", NPY.labels(lengths))
    let arguments = { (output: String) in
      [
        "accumulate", inputs[0], "--tokens", inputs[1], "--token-type", "uint16", "--sequence-lengths", bounds,
        "--end-of-text", "3", "--every-sequence", "2", "--measure-every", "1000", "--checkpoint", "0.1s", "--output",
        self.folder.file(output),
      ]
    }
    #expect(try Tool.run(Places.tool, arguments("whole.h5")).status == 0)
    let checkpoint = ".part.h5.checkpoint"
    for _ in 0..<10 where !FileManager.default.fileExists(atPath: folder.file(checkpoint)) {
      try run(arguments("part.h5"), killedOnceThereIs: checkpoint)
    }
    try #require(FileManager.default.fileExists(atPath: folder.file(checkpoint)))
    let kept = try folder.read(checkpoint)
    for isTouched in [false, true] {
      if isTouched {
        try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: inputs[1])
        try folder.write(checkpoint, kept)
      }
      let last = try Tool.run(Places.tool, arguments("part.h5"))
      #expect(last.status == 0, "\(last.errors)")
      #expect(last.errors.contains("resuming from a checkpoint after"), "\(last.errors)")
      #expect(last.errors.contains("reading them again") == isTouched, "\(last.errors)")
      #expect(try folder.read("part.h5") == folder.read("whole.h5"))
    }
    try folder.write(checkpoint, kept)
    let other = try Tool.run(Places.tool, arguments("part.h5") + ["--ignore", "5"])
    #expect(other.status == 65 && other.errors.contains("ignore"), "\(other.errors)")
  }

  /// Starts the tool and kills it once a file exists or it has ended.
  private func run(_ arguments: [String], killedOnceThereIs file: String) throws {
    let process = try Tool.spawn(
      Places.tool, arguments, input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
    var status: Int32 = 0
    while !FileManager.default.fileExists(atPath: folder.file(file)) {
      if waitpid(process, &status, WNOHANG) != 0 { return }
      usleep(500)
    }
    kill(process, SIGKILL)
    waitpid(process, &status, 0)
  }

  @Test("Wrong usage is exit 64 with advice")
  func usage() throws {
    func errors(_ arguments: String...) throws -> String {
      let features = Self.fixtures + "features.npy"
      let result = try Tool.run(
        Places.tool, ["accumulate", features, "--output", folder.file("x.h5")] + arguments)
      #expect(result.status == 64, "\(arguments): \(result.errors)")
      return result.errors
    }
    let tokens = Self.fixtures + "tokens.npy"
    #expect(
      try errors("--every-sequence", "2").contains(
        "every-sequence needs tokens: a stream with its own labels does not mark sequences"))
    #expect(try errors("--token-type", "uint16").contains("token-type needs tokens"))
    #expect(try errors("--tokens", tokens, "--token-type", "uint17").contains("did you mean “uint16”?"))
    #expect(try errors("--tokens", tokens, "--labels", "x").contains("expected labels or tokens, found both"))
    #expect(try errors("--tokens", tokens, "--end-of-text", "-1").contains("end-of-text"))
    #expect(
      try errors("--tokens", tokens, "--ignore", "pad").contains("expected a whole number for ignore, found “pad”"))
    #expect(
      try errors("--tokens", tokens, "--sequence-length", "4", "--sequence-offsets", Self.fixtures + "offsets.npy")
        .contains("expected one of sequence-length and sequence-offsets, found both"))
    #expect(
      try errors("--tokens", tokens, "--tokens", tokens, "--end-of-text", "9").contains(
        "expected one file for each of 1 input"))
  }

  @Test("inspect describes files by position")
  func inspected() throws {
    func inspect(_ arguments: String...) throws -> [String: Any] {
      let result = try Tool.run(Places.tool, ["inspect", "--format", "json"] + arguments)
      #expect(result.status == 0, "\(result.errors)")
      return try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
    }
    for name in ["tokens.npy", "tokens.npy.zst", "tokens-2d.npy"] {
      let facts = try inspect(Self.fixtures + name)
      #expect((facts["kind"] as? String)?.hasPrefix("token ids by position (NPY") == true, "\(facts)")
      #expect(facts["positions"] as? Int == 88 && facts["classes"] as? Int == 12 && facts["negative"] as? Int == 0)
      #expect(facts["smallest_token"] as? Int == 0 && facts["largest_token"] as? Int == 11)
    }
    #expect(try inspect(Self.fixtures + "tokens-2d.npy")["shape"] as? [Int] == [8, 11])
    #expect(try inspect(Self.fixtures + "padded.npy")["negative"] as? Int == 34)
    for name in ["tokens-uint16.bin", "tokens-uint16.bin.zst"] {
      let facts = try inspect(Self.fixtures + name, "--token-type", "uint16")
      #expect((facts["kind"] as? String)?.contains("little-endian uint16") == true, "\(facts)")
      #expect(facts["positions"] as? Int == 88 && facts["classes"] as? Int == 12)
    }
    for name in ["features-3d.npy", "features-3d.npy.zst"] {
      let facts = try inspect(Self.fixtures + name)
      #expect((facts["kind"] as? String)?.hasPrefix("features by position (NPY") == true, "\(facts)")
      #expect(facts["shape"] as? [Int] == [8, 11, 3] && facts["positions"] as? Int == 88)
    }
    let damaged = try folder.write("a.npy", NPY.labels([1, 2, 3]).dropLast(3) + [])
    #expect(try Tool.collapse("inspect", damaged).status == 65)
    #expect(try Tool.collapse("inspect", damaged, "--token-type", "int8").status == 64)
  }

  @Test("A pipeline remakes its stages if tokens or bounds change, and not otherwise")
  func pipeline() throws {
    let tokens = try folder.write("t.npy", NPY.labels([1, 2, 3, 1, 2, 3]))
    let features = try folder.write("x.npy", NPY.floats([[1], [2], [3], [4], [5], [6]]))
    let bounds = try folder.write("b.npy", NPY.labels([2, 4]))
    let file = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.path)" }
        stages:
          train: { uses: read, files: "\(features)", tokens: "\(tokens)", sequence-lengths: "\(bounds)", ignore: [-100, 7] }
          moments: { uses: accumulate, from: train }
        """)
    func isMade() throws -> Bool {
      let result = try Tool.collapse("run", file)
      #expect(result.status == 0, "\(result.errors)")
      return !result.errors.contains("up to date")
    }
    #expect(try isMade())
    #expect(try !isMade())
    try folder.write("t.npy", NPY.labels([1, 2, 3, 1, 3, 2]))
    #expect(try isMade())
    try folder.write("b.npy", NPY.labels([3, 3]))
    #expect(try isMade())
    #expect(try !isMade())
  }
}
