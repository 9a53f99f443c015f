import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: a small file takes little memory and disk, whatever it claims or decompresses to.
@Suite("Amplification", .serialized)
struct AmplificationTests {
  /// A stream whose labels are zeros that hardly take bytes: `mebibytes` of them.
  private func bomb(_ folder: TemporaryFolder, mebibytes: Int) throws -> String {
    let zeros = Zstd.frame([UInt8](repeating: 0, count: 64 << 20), level: 19)
    let header = Zstd.frame(NPY.header(descr: "'<i8'", shape: [mebibytes << 17]))
    return try folder.write("bomb.npy.zst", header + Array(repeating: zeros, count: mebibytes / 64).joined())
  }

  @Test("Labels that decompress like a bomb are refused before they fill the disk", .timeLimit(.minutes(10)))
  func zstandard() throws {
    let folder = try TemporaryFolder()
    let file = try bomb(folder, mebibytes: 1024)
    for words in [["inspect", file], ["accumulate", file, "--output", folder.file("m.h5")], ["write", file]] {
      let result = try Tool.run(Places.tool, words, environment: ["TMPDIR": folder.path])
      #expect(result.status == 65, "\(result.errors)")
      #expect(result.errors.contains("labels of at most 1000 bytes for each compressed byte"), "\(result.errors)")
      #expect(result.peakKiB < 300 << 10)
      #expect(try folder.names == ["bomb.npy.zst"])
    }
  }

  @Test("What is set aside goes beside the output, or to --scratch, and not to TMPDIR")
  func scratch() throws {
    let folder = try TemporaryFolder()
    let rows = 1_200_000
    let labels = NPY.integers((0..<rows).map { Int64($0 % 50) })
    let file = try folder.write("a.npy", labels + NPY.array("<f2", [rows, 1], [UInt8](repeating: 1, count: 2 * rows)))
    let nowhere = ["TMPDIR": folder.file("none")]
    let plain = try Tool.collapse("accumulate", file, "--output", folder.file("a.h5"), environment: nowhere)
    #expect(plain.status == 0, "\(plain.errors)")
    let scratch = try Tool.collapse("inspect", file, "--scratch", folder.path, environment: nowhere)
    #expect(scratch.status == 0, "\(scratch.errors)")
    let lost = try Tool.collapse("inspect", file, environment: nowhere)
    #expect(lost.status == 1 && lost.errors.contains("set TMPDIR to a folder"), "\(lost.errors)")
  }

  @Test("Deep nesting is an error in every file of JSON and YAML")
  func nesting() throws {
    let folder = try TemporaryFolder()
    let deep = String(repeating: "[", count: 200_000)
    let json = try folder.write("deep.json", text: "{\"tokens\": 1, \"classes\": 1, \"model\": {\"vocab\": \(deep)")
    let tokenizer = try folder.write(
      "tokenizer.json", text: "{\"model\": {\"vocab\": {\"a\": 0}}, \"decoder\": \(deep)")
    let yaml = try folder.write("deep.yaml", text: "stages: \(deep)")
    let head = try folder.write("deep.safetensors", Safetensors.file("{\"a\": \(deep)"))
    for words in [
      ["collect", json], ["report", json, "--output", folder.file("r.html")], ["study", json], ["inspect", json],
      ["inspect", head], ["validate", yaml], ["status", json],
      [
        "report", try folder.write("m.json", text: "{\"tokens\": 1, \"classes\": 1}"), "--classes",
        try folder.write("c.csv", text: "token,count\n0,1\n"), "--tokens", tokenizer, "--output", folder.file("r.html"),
      ],
    ] {
      let result = try Tool.run(Places.tool, words)
      #expect(result.status == 65, "\(words[0]): \(result.status) \(result.errors.prefix(400))")
    }
  }

  /// The peak of a verb over its peak for a small file of the same kind, in bytes.
  private func growth(_ small: [String], _ large: [String], accepting statuses: Set<Int32> = [0]) throws -> Int {
    let (least, most) = (try Tool.run(Places.tool, small), try Tool.run(Places.tool, large))
    #expect(statuses.contains(least.status), "\(least.errors)")
    #expect(statuses.contains(most.status), "\(most.errors)")
    return (most.peakKiB - least.peakKiB) << 10
  }

  @Test("A table of classes takes at most four times its bytes in a report", .timeLimit(.minutes(10)))
  func classTable() throws {
    let folder = try TemporaryFolder()
    func report(_ rows: Int) throws -> (words: [String], bytes: Int) {
      let text =
        "token,count,norm,variance,mean_cdnv,nearest_token,cosine\n"
        + (0..<rows).map { "\($0),\($0 % 100),0.\($0),0.\($0)5,1.\($0),\(rows - $0),0.\($0)25\n" }.joined()
      let measures = try folder.write("\(rows).json", text: "{\"tokens\": 1, \"classes\": \(rows)}")
      let table = try folder.write("\(rows).csv", text: text)
      return (["report", measures, "--classes", table, "--output", folder.file("r.html")], text.utf8.count)
    }
    let (small, large) = (try report(100), try report(40_000))
    #expect(try growth(small.words, large.words) < 4 * large.bytes)
  }

  @Test("A tokenizer takes at most four times its bytes", .timeLimit(.minutes(10)))
  func tokenizer() throws {
    let folder = try TemporaryFolder()
    let measures = try folder.write("m.json", text: "{\"tokens\": 1, \"classes\": 1}")
    let table = try folder.write("c.csv", text: "token,count\n0,1\n")
    func report(_ pieces: Int) throws -> (words: [String], bytes: Int) {
      let text =
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {"
        + (0..<pieces).map { "\"Ġ\($0)\":\($0)" }.joined(separator: ",") + "}, \"merges\": ["
        + (0..<pieces).map { "\"a \($0)\"" }.joined(separator: ",") + "]}, \"decoder\": {\"type\": \"ByteLevel\"}}"
      let file = try folder.write("\(pieces).json", text: text)
      return (
        ["report", measures, "--classes", table, "--tokens", file, "--output", folder.file("r.html")], text.utf8.count
      )
    }
    let (small, large) = (try report(100), try report(60_000))
    #expect(try growth(small.words, large.words) < 4 * large.bytes)
  }

  @Test("The directory of a safetensors file takes at most four times its bytes", .timeLimit(.minutes(10)))
  func directory() throws {
    let folder = try TemporaryFolder()
    func inspect(_ tensors: Int) throws -> (words: [String], bytes: Int) {
      let text =
        "{" + (0..<tensors).map { Safetensors.entry("t\($0)", "U8", [1], $0, $0 + 1) }.joined(separator: ",") + "}"
      let bytes = Safetensors.file(text, [UInt8](repeating: 0, count: tensors))
      return (["inspect", try folder.write("\(tensors).safetensors", bytes)], text.utf8.count)
    }
    let (small, large) = (try inspect(100), try inspect(40_000))
    #expect(try growth(small.words, large.words) < 4 * large.bytes)
  }

  @Test("A file that does not fit in --memory is refused before it is read, with what it would take")
  func refused() throws {
    let folder = try TemporaryFolder()
    func sparse(_ name: String, _ start: String) throws -> String {
      let file = try folder.write(name, text: start)
      #expect(truncate(file, 60 << 20) == 0)
      return file
    }
    let table = try sparse("c.csv", "token,count\n0,1\n")
    let measures = try sparse("m.json", "{\"tokens\": 1, \"classes\": 1, ")
    let small = try folder.write("s.json", text: "{\"tokens\": 1, \"classes\": 1}")
    let model = folder.file("model.safetensors")
    try FileManager.default.copyItem(atPath: Places.sample + "/model.safetensors", toPath: model)
    for words in [
      ["inspect", table], ["inspect", measures], ["collect", measures], ["study", table],
      ["report", measures, "--output", folder.file("r.html")],
      ["report", small, "--classes", table, "--output", folder.file("r.html")],
    ] {
      let result = try Tool.run(Places.tool, words + ["--memory", "100MiB"])
      #expect(result.status == 1 && result.errors.contains("give --memory more"), "\(words): \(result.errors)")
      // The system counts the memory of this process to that of one that it starts.
      #expect(result.peakKiB < 160 << 10)
    }
  }
}
