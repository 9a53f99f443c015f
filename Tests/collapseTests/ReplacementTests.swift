import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Promise: no file is lost. Outputs replace only what the program made, and never an input.
@Suite("What outputs replace")
struct ReplacementTests {
  private static let sample = Places.sample
  private static let stream = sample + "/train-00.npy.zst"
  private static let head = sample + "/model.safetensors#lm_head.weight"
  private static let fixtures = Places.root.appendingPathComponent("Tests/FormatsTests/Fixtures").path

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ line: String, _ more: String...) throws -> Tool.Result {
    let words = line.split(separator: " ").map { word in
      String(word).replacing("STREAM", with: Self.stream).replacing("HEAD", with: Self.head)
        .replacing("SAMPLE", with: Self.sample)
    }
    return try Tool.run(Places.tool, words + more, folder: folder.path)
  }

  private func make(_ lines: String...) throws {
    for line in lines {
      let result = try run(line)
      #expect(result.status == 0, "\(line): \(result.errors)")
    }
  }

  /// Files of other origin that look like ours.
  private func foreign() throws -> [(name: String, bytes: [UInt8])] {
    let texts = [
      "shell": "alias ls='rm -rf'\n", "csv": "name,val_loss\na,3\n",
      "joined": "name,tokens,classes,val_loss\na,3,2,1\n",
      "json": "{\"tokens\": 3, \"classes\": 2}\n", "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<p>notes</p>\n",
      "svg": "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
      "status": "{\"state\": \"fine\", \"stages\": []}\n", "latex": "\\documentclass{article}\n",
    ]
    let arrays = NPY.integers([1, 2, 3] as [Int64]) + NPY.floats([[1, 2], [3, 4], [5, 6]])
    return texts.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) } + [
      ("hdf5", Array(try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/groups.h5")))), ("npy", arrays),
      ("npy.zst", Zstd.frame(arrays)), ("data", [0, 1, 2, 3]),
    ]
  }

  /// Verbs with the output that is tried, as OUT.
  static let verbs = [
    "accumulate STREAM --output OUT", "accumulate STREAM --measure-every 5000 --output m2.h5",
    "merge m.h5 m.h5 --output OUT", "decide STREAM --moments m.h5 --classifier HEAD --output OUT",
    "measure m.h5 --output OUT", "measure m.h5 --classes OUT", "measure m.h5 --classes OUT.h5",
    "measure m.h5 --histograms OUT", "write STREAM --output OUT", "write STREAM --output OUT.npy.zst",
    "count STREAM --output OUT", "collect a.json b.json --output OUT",
    "study t.csv --against y --property x --permutations 10 --bootstrap 10 --output OUT",
    "study t.csv --against y --property x --permutations 10 --bootstrap 10 --csv OUT",
    "study t.csv --against y --property x --permutations 10 --bootstrap 10 --latex OUT",
    "report a.json --output OUT", "count STREAM --output c.csv --status-file OUT",
  ]

  /// A state and measurements, made once for all tests.
  private static let prepared = Result {
    let maker = try ReplacementTests()
    try maker.make(
      "accumulate STREAM --output m.h5", "measure m.h5 --output a.json", "measure m.h5 --min-count 2 --output b.json")
    return try ["m.h5", "a.json", "b.json"].map { ($0, try maker.folder.read($0)) }
  }

  private func prepare() throws {
    for (name, bytes) in try Self.prepared.get() { try folder.write(name, bytes) }
    try folder.write("t.csv", text: "model,x,y\n" + (1...9).map { "m\($0),\($0),\($0 * $0 % 7)\n" }.joined())
  }

  @Test("A foreign file is refused with exit 64, its look and --force, and stays as it is", arguments: verbs)
  func foreignFiles(given: String) throws {
    try prepare()
    let name =
      given.contains("m2.h5")
      ? "m2.timeline.csv" : given.contains("OUT.") ? "o" + given.split(separator: "OUT")[1] : "o"
    let line = given.replacing("OUT", with: "o")
    let (all, number) = (try foreign(), Self.verbs.firstIndex(of: given) ?? 0)
    let some = number == 0 ? Array(all.indices) : [0, 6].map { (number + $0) % all.count }
    for (kind, bytes) in some.map({ all[$0] }) {
      try folder.write(name, bytes)
      let names = try folder.names
      let refused = try run(line)
      #expect(refused.status == 64, "\(kind): \(refused.errors)")
      #expect(
        refused.errors.contains("\(name): expected no file, or one that collapse made, found"), "\(refused.errors)")
      #expect(refused.errors.contains("--force"))
      #expect(try folder.read(name) == bytes && folder.names == names, "\(kind)")
    }
    let forced = try run(line, "--force")
    #expect(forced.status == 0, "\(forced.errors)")
    #expect(try folder.read(name) != [0, 1, 2, 3])
  }

  @Test("What the verb made is replaced by the next run, and so is an empty file", arguments: verbs)
  func ownFiles(line: String) throws {
    try prepare()
    let line = line.replacing("OUT", with: "o")
    let before = Set(try folder.names)
    try make(line)
    let made = try folder.names.filter { !before.contains($0) && !$0.hasSuffix("_files") }
    try make(line)
    for name in made { try folder.write(name, []) }
    try make(line)
    for name in made { #expect(try !folder.read(name).isEmpty, "\(name)") }
    // Any output of ours may replace any other.
    try make("measure m.h5 --output \(made[0])")
  }

  @Test("A socket or a folder in the place of an output is refused at once, even with --force")
  func special() throws {
    try prepare()
    _ = try folder.makeSocket("socket")
    for name in ["socket", "."] {
      let result = try run("measure m.h5 --output \(name) --force")
      #expect(result.status == 1 && result.errors.contains("expected the name of a file"), "\(result.errors)")
    }
  }

  @Test("A report's figures replace no foreign file in their folder, and remove none")
  func figures() throws {
    try prepare()
    let line = "report a.json b.json --figures drawn --output"
    try make("\(line) r.html")
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.file("drawn")).sorted()
    try make("\(line) r.html", "\(line) same.html")
    try folder.write("drawn/notes.csv", text: "mine\n")
    try make("report a.json --output r.html --figures drawn")
    let other = try FileManager.default.contentsOfDirectory(atPath: folder.file("drawn"))
    #expect(other.contains("notes.csv") && !other.contains { $0 != "notes.csv" && made.contains($0) })
    let page = try folder.read("r.html")
    for (ending, text) in [(".svg", "<svg>mine</svg>\n"), (".csv", "mine,too\n1,2\n")] {
      let name = "drawn/" + (try #require(made.first { $0.hasSuffix(ending) }))
      try folder.write(name, text: text)
      for output in ["r.html", "other.html"] {
        let refused = try run("\(line) \(output)")
        #expect(refused.status == 64 && refused.errors.contains("\(name): expected no file"), "\(refused.errors)")
      }
      #expect(try folder.read(name) == Array(text.utf8) && folder.read("r.html") == page)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("drawn")).count == other.count + 1)
      unlink(folder.file(name))
    }
    #expect(try folder.read("drawn/notes.csv") == Array("mine\n".utf8))
    #expect(try folder.names.allSatisfy { !$0.hasPrefix(".") && $0 != "other.html" })
  }

  @Test("A page that someone edited is not replaced, and neither are the figures of another report")
  func editedPage() throws {
    try prepare()
    try folder.write("r.html", text: "<html><figure id=\"figure-x\" data-svg=\"\(String(repeating: "0", count: 32))\">")
    let refused = try run("report a.json --output r.html")
    #expect(refused.status == 64 && refused.errors.contains("r.html"), "\(refused.errors)")
    #expect(try !folder.names.contains("r_files"))
  }

  @Test("A run leaves a foreign status file in its folder alone, and so foreign files with names of its own")
  func ofRuns() throws {
    let pipeline = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: out }
        stages:
          s: { uses: read, files: "\(Self.stream)" }
          m: { uses: accumulate, from: s }
          n: { uses: measure, moments: m, classes: "${out}/c.csv" }
        """)
    try FileManager.default.createDirectory(atPath: folder.file("out/.collapse"), withIntermediateDirectories: true)
    for name in [
      "status.json", "m.h5", "n.json", "c.csv", ".m.h5.checkpoint", ".m.h5.checkpoint.previous", ".collapse/m.h5.json",
    ] {
      try folder.write("out/\(name)", text: "{\"mine\": 1}\n")
      let refused = try Tool.collapse("run", pipeline)
      #expect(
        refused.status == 64 && refused.errors.contains("\(name): expected no file"), "\(name): \(refused.errors)")
      #expect(try folder.read("out/\(name)") == Array("{\"mine\": 1}\n".utf8))
      unlink(folder.file("out/\(name)"))
    }
    #expect(try Tool.collapse("run", pipeline).status == 0)
    // Its record lists this file, which is made again as before; without the record nobody knows it.
    try folder.write("out/c.csv", text: "mine\n")
    #expect(try Tool.collapse("run", pipeline).status == 0)
    #expect(try Tool.collapse("run", pipeline).errors.contains("m: up to date"))
    try folder.write("out/c.csv", text: "mine\n")
    try forgeRecord(of: "c.csv")
    #expect(try Tool.collapse("run", pipeline).status == 64)
    #expect(try Tool.collapse("run", pipeline, "--force").status == 0)
  }

  /// Leaves one record, as it could come with a stranger's files: with names, and with times and inodes of elsewhere.
  private func forgeRecord(of name: String) throws {
    let records = folder.file("out/.collapse")
    var text = String(decoding: try folder.read("out/.collapse/n.json.json"), as: UTF8.self)
    for key in ["noted", "number", "changed"] {
      text = text.replacing(try Regex("\"\(key)\" : [0-9]+"), with: "\"\(key)\" : 12345")
    }
    #expect(text.contains(name))
    for record in try FileManager.default.contentsOfDirectory(atPath: records) { unlink("\(records)/\(record)") }
    try folder.write("out/.collapse/n.json.json", text: text)
  }

  @Test("A file that appears at the output during a run is not lost")
  func appearsMeanwhile() throws {
    let stream = StreamSamples(rows: 40_000, dimension: 64, scalar: .float32, seed: 1)
    let input = try folder.write("s.npy", stream.stream(batches: Array(repeating: 5_000, count: 7)))
    for (number, name) in ["a.h5", "b.npy"].enumerated() {
      let verb = name == "a.h5" ? "accumulate" : "write"
      let process = try Tool.spawn(
        Places.tool, [verb, input, "--output", folder.file(name), "--io-rate", "5MiB"], input: "/dev/null",
        output: folder.file("out\(number)"), errors: folder.file("err\(number)"))
      for _ in 0..<500 where try !folder.names.contains(".\(name).lock") { usleep(10_000) }
      usleep(200_000)
      try folder.write(name, text: "mine\n")
      var status: Int32 = 0
      waitpid(process, &status, 0)
      let errors = String(decoding: try folder.read("err\(number)"), as: UTF8.self)
      #expect((status >> 8) & 0xFF == 64 && errors.contains("\(name): expected no file"), "\(errors)")
      #expect(try folder.read(name) == Array("mine\n".utf8))
      #expect(try folder.names.allSatisfy { !$0.hasSuffix(".partial") })
    }
  }

  /// An output that is an input, as OUT, in any of its roles.
  static let roles = [
    ("accumulate STREAM --output OUT", "STREAM"),
    ("accumulate hidden.npy --tokens tokens.npy --output OUT", "tokens.npy"),
    ("accumulate hidden.npy --tokens tokens.npy --sequence-offsets offsets.npy --output OUT", "offsets.npy"),
    ("accumulate shards/model.safetensors.index.json --output OUT", "shards/model-00002-of-00002.safetensors"),
    ("decide STREAM --moments m.h5 --classifier model/model.safetensors --output OUT", "model/config.json"),
    ("decide STREAM --moments m.h5 --classifier model/model.safetensors --output OUT", "model/model.safetensors"),
    ("measure m.h5 --classes OUT", "m.h5"), ("measure m.h5 --tokens list --histograms OUT", "list"),
    ("measure m.h5 --tokenizer model --classes OUT", "model/tokenizer.json"),
    ("measure m.h5 --classifier w.npy --output OUT", "w.npy"), ("collect a.json --output OUT", "a.json"),
    ("study t.csv --metadata t2.csv --against y --property x --latex OUT", "t2.csv"),
    ("report a.json --classes c.csv --output OUT", "c.csv"),
    ("count STREAM --output o.csv --status-file OUT", "STREAM"),
    ("write STREAM --output OUT", "STREAM"),
  ]

  @Test(
    "An input is never replaced, whatever its role, under another name or a link, even with --force", arguments: roles)
  func inputs(line: String, input: String) throws {
    try prepare()
    for name in ["model", "shards", "links"] {
      try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
    }
    for name in ["model.safetensors", "tokenizer.json"] {
      try FileManager.default.copyItem(atPath: "\(Self.sample)/\(name)", toPath: folder.file("model/\(name)"))
    }
    for name in [
      "model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
    ] {
      try FileManager.default.copyItem(atPath: "\(Self.fixtures)/\(name)", toPath: folder.file("shards/\(name)"))
    }
    try folder.write("model/config.json", text: "{\"tie_word_embeddings\": true}\n")
    try folder.write("list", text: "1\n2\n")
    try folder.write("t2.csv", text: "model,z\nm1,1\n")
    try folder.write("w.npy", NPY.floats((0..<4096).map { _ in (0..<64).map { Float($0) } }))
    try folder.write("tokens.npy", NPY.integers([1, 2, 1, 2, 3, 1] as [Int32]))
    try folder.write("offsets.npy", NPY.integers([0, 3, 6] as [Int64]))
    try folder.write("hidden.npy", NPY.floats((0..<6).map { [Float($0), 1] }))
    try make("measure m.h5 --classes c.csv")
    try FileManager.default.copyItem(atPath: Self.stream, toPath: folder.file("s.npy.zst"))
    let (line, input) = (line.replacing("STREAM", with: "s.npy.zst"), input == "STREAM" ? "s.npy.zst" : input)
    let bytes = try folder.read(input)
    #expect(
      symlink(folder.file(input), folder.file("links/soft")) == 0
        && link(folder.file(input), folder.file("links/hard")) == 0)
    for (name, more) in [(input, []), ("links/../\(input)", []), ("links/soft", []), ("links/hard", ["--force"])] {
      let result = try Tool.run(
        Places.tool, line.replacing("OUT", with: name).split(separator: " ").map(String.init) + more,
        folder: folder.path)
      #expect(result.status == 64, "\(name): \(result.errors)")
      #expect(try folder.read(input) == bytes)
    }
  }

  @Test("A pipeline file does not replace itself")
  func pipelineFile() throws {
    let text = """
      stages:
        s: { uses: read, files: "\(Self.stream)" }
        m: { uses: accumulate, from: s, output: p.yaml }
      """
    let pipeline = try folder.write("p.yaml", text: text)
    for verb in ["validate", "run"] {
      let result = try Tool.run(
        Places.tool, [verb, pipeline] + (verb == "run" ? ["--force"] : []), folder: folder.path)
      #expect(result.status == 65 && result.errors.contains("the pipeline file itself"), "\(result.errors)")
    }
    #expect(try folder.read("p.yaml") == Array(text.utf8))
    let ours = try folder.write("q.yaml", text: text)
    let status = try Tool.collapse("run", ours, "--status-file", "q.yaml", "--force")
    #expect(status.status == 64 && status.errors.contains("q.yaml"), "\(status.errors)")
  }
}
