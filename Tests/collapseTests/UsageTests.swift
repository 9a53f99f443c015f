import Foundation
import TestSupport
import Testing

@Suite("Usage")
struct UsageTests {
  @Test(
    "Every verb's help has an example",
    arguments: [
      "run", "validate", "graph", "schema", "accumulate", "merge", "decide", "measure", "compare", "collect", "study",
      "report", "inspect", "status", "bench",
    ])
  func help(verb: String) throws {
    let result = try Tool.collapse(verb, "--help")
    #expect(result.status == 0)
    #expect(result.text.contains("EXAMPLE\n  collapse \(verb)") || result.text.contains("collapse \(verb) "))
    #expect(result.errors.isEmpty)
  }

  @Test(
    "Examples can be copied as printed, because no line is wrapped",
    arguments: [
      ["graph"], ["accumulate"], ["merge"], ["decide"], ["measure"], ["compare"], ["collect"], ["study"], ["report"],
      ["inspect"],
      ["status"], ["bench"], ["bench", "stream"], ["bench", "geometry"], ["bench", "merge"],
      ["bench", "noise"], ["write"], ["count"],
      ["run"], ["validate"], ["schema"], ["cancel"],
    ])
  func examples(verb: [String]) throws {
    let lines = try Tool.run(Places.tool, verb + ["--help"]).text.split(
      separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "EXAMPLE"))
    var isContinued = false
    for line in lines[(start + 1)...].prefix(while: { !$0.isEmpty }) {
      #expect(isContinued || line.contains("  collapse ") || line.contains("| collapse "), "\(line)")
      isContinued = line.hasSuffix("\\")
    }
  }

  @Test("The help of run names every stage kind with its options")
  func stageKinds() throws {
    let text = try Tool.collapse("run", "--help").text
    for words in [
      "read: an embedding stream", "within: within-class", "states (required)", "classifier: the output head",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test(
    "Wrong usage is exit 64, with a suggestion",
    arguments: [
      ["accumulate", "-", "--withn", "pooled", "--output", "x.h5"],
      ["accumulate", "-", "--within", "poled", "--output", "x.h5"],
      ["accumulate", "-", "--threads", "none", "--output", "x.h5"],
      ["bench", "--rows", "0"], ["bench", "--type", "float61"], ["bench", "--witin", "none"],
      ["bench", "--corpus", "big"], ["bench", "geometry", "--classes", "few"],
      ["graph", "Pipelines/quickstart.yaml", "--format", "svg"], ["graph"], ["collect"], ["schema", "x"],
      ["study"],
      ["accumulate", "-", "--output", "x.h5", "--nice", "-3"],
      ["merge", "a.h5", "--output", "x.h5", "--ionice", "fast"],
      ["measure", "x.h5", "--io-rate", "slow"], ["run", "p.yaml", "--log-format", "xml"],
      ["accumulate", "-"], ["measure"], ["mesure", "x.h5"], ["run", "p.yaml", "--sett", "a=b"],
    ])
  func usage(arguments: [String]) throws {
    let result = try Tool.run(Places.tool, arguments)
    #expect(result.status == 64)
    #expect(!result.errors.isEmpty)
    #expect(result.output.isEmpty)
  }

  @Test("A mistake in a pipeline file is exit 65, with file, line and column")
  func validate() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("p.yaml", text: "stages:\n  a: { uses: read, fils: x }\n")
    let result = try Tool.collapse("validate", path)
    #expect(result.status == 65)
    #expect(result.errors.contains("p.yaml:2:20: unknown option “fils” of read\n  → did you mean “files”?"))
    let good = try Tool.collapse("validate", "Pipelines/quickstart.yaml", folder: Places.root.path)
    #expect(good.status == 0)
    #expect(good.text.contains("6 stages, no problems"))
  }

  @Test("An output that cannot be written is exit 1, before anything is read")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    for output in [folder.path, folder.file("no/such/folder/m.h5"), try folder.makeSocket("socket")] {
      let result = try Tool.collapse("accumulate", Places.sample + "/train-00.npy.zst", "--output", output)
      #expect(result.status == 1)
      #expect(result.errors.contains(output))
    }
  }

  @Test("Closed or full standard streams: no work is lost over a log line, and lost results are exit 1")
  func closedStreams() throws {
    let folder = try TemporaryFolder()
    let (tool, sample, state) = (Places.tool, Places.sample + "/train-00.npy.zst", folder.file("m.h5"))
    for redirection in ["2>&-", "2>/dev/full", ">&-", "<&-", "2>&1 | true"] {
      let line = "set -o pipefail; '\(tool)' accumulate '\(sample)' --output '\(state)' \(redirection)"
      #expect(try Tool.run("bash", ["-c", line]).status == 0, "\(redirection)")
      #expect(try Tool.collapse("inspect", state).status == 0, "\(redirection)")
      try FileManager.default.removeItem(atPath: state)
    }
    _ = try Tool.collapse("accumulate", sample, "--output", state)
    for redirection in [">&-", ">/dev/full", "| true"] {
      let line = "set -o pipefail; sleep 0.1; '\(tool)' measure '\(state)' \(redirection)"
      let result = try Tool.run("bash", ["-c", line])
      #expect(result.status == (redirection == "| true" ? result.status : 1), "\(redirection)")
      #expect(result.status <= 1, "\(redirection): \(result.errors)")
    }
    #expect(try Tool.collapse("accumulate", sample, "--output", "-").status == 1)
  }

  @Test("Standard input from a file that is already partly read continues from there")
  func partlyRead() throws {
    let folder = try TemporaryFolder()
    let batch = NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2)
    let path = try folder.write("two.npy", batch + batch)
    let line = "(dd bs=\(batch.count) count=1 of=/dev/null 2>/dev/null; '\(Places.tool)' inspect -) < '\(path)'"
    #expect(try Golden.numbers(Tool.run("bash", ["-c", line]).output)["rows"] == 2)
  }

  @Test("measure prints a table or JSON as requested, and JSON if not on a terminal")
  func formats() throws {
    let folder = try TemporaryFolder()
    _ = try Tool.collapse("accumulate", Places.sample + "/train-00.npy.zst", "--output", folder.file("m.h5"))
    let table = try Tool.collapse("measure", folder.file("m.h5"), "--format", "table")
    #expect(table.text.contains("nc1_cdnv "))
    #expect(!table.text.contains("{"))
    let json = try Tool.collapse("measure", folder.file("m.h5"))
    #expect(json.text.hasPrefix("{\n \"tokens\": 10000,\n"))
    #expect(try Tool.collapse("measure", folder.file("m.h5"), "--format", "json").output == json.output)
  }

  @Test("inspect describes streams, states, measurements, tables of classes, classifiers and other HDF5 files")
  func inspect() throws {
    let folder = try TemporaryFolder()
    let stream = try Tool.collapse("inspect", Places.sample + "/train-00.npy.zst")
    let numbers = try Golden.numbers(stream.output)
    #expect(numbers["rows"] == 10_000)
    #expect(numbers["dimension"] == 64)
    #expect(numbers["batches"] == 4)
    #expect(numbers["classes"] == 1_283)
    _ = try Tool.collapse("accumulate", Places.sample + "/train-00.npy.zst", "--output", folder.file("m.h5"))
    let state = try Tool.collapse("inspect", folder.file("m.h5"), "--format", "table").text
    #expect(state.contains("made by            accumulate"))
    #expect(state.contains("samples            10000"))
    let written = ["--output", folder.file("m.json"), "--classes", folder.file("c.csv")]
    _ = try Tool.run(Places.tool, ["measure", folder.file("m.h5")] + written)
    for (file, kind) in [("m.json", "measurements (JSON)"), ("c.csv", "table of token classes (CSV)")] {
      let text = try Tool.collapse("inspect", folder.file(file)).text
      #expect(text.contains("\"kind\": \"\(kind)\"") && text.contains("\"classes\": 1283"), "\(text)")
    }
    let model = try Tool.collapse("inspect", Places.sample + "/model.safetensors", "--format", "table").text
    #expect(model.contains("lm_head.weight float32 [2048, 64]"))
    #expect(try Tool.collapse("inspect", folder.file("missing")).status == 65)
    let line = "'\(Places.tool)' inspect <(cat '\(Places.sample)/train-00.npy.zst')"
    #expect(try Golden.numbers(Tool.run("bash", ["-c", line]).output)["rows"] == 10_000)
  }

  @Test("graph draws a pipeline, and lists the mistakes of an invalid one")
  func graph() throws {
    let folder = try TemporaryFolder()
    let drawn = try ["text", "dot", "mermaid"].map { format in
      try Tool.collapse("graph", "Pipelines/quickstart.yaml", "--format", format, folder: Places.root.path)
    }
    #expect(drawn.allSatisfy { $0.status == 0 && $0.errors.isEmpty })
    #expect(
      drawn.map { String($0.text.prefix { $0 != "\n" }) } == ["quickstart", "digraph \"quickstart\" {", "flowchart LR"])
    #expect(try Tool.collapse("graph", "Pipelines/quickstart.yaml", folder: Places.root.path).output == drawn[0].output)
    let wrong = try Tool.collapse("graph", folder.write("p.yaml", text: "stages: { a: { uses: raed } }"))
    #expect(wrong.status == 65 && wrong.output.isEmpty && wrong.errors.contains("did you mean “read”?"))
  }

  @Test("schema prints JSON that includes every verb that is a stage")
  func schema() throws {
    let result = try Tool.collapse("schema")
    let schema = try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any]
    let definitions = schema?["$defs"] as? [String: Any] ?? [:]
    for verb in ["accumulate", "merge", "decide", "measure", "compare", "collect", "report"] {
      #expect(definitions["stage-\(verb)"] != nil, "\(verb)")
    }
  }

  @Test("A dry run prints to standard output what would run, and makes nothing")
  func dryRun() throws {
    let folder = try TemporaryFolder()
    let result = try Tool.collapse(
      "run", "Pipelines/full.yaml", "--dry-run", "--set", "out=\(folder.file("out"))", folder: Places.root.path)
    #expect(result.status == 0 && result.errors.isEmpty)
    for stage in ["train (read)", "moments (accumulate)", "decisions (decide)", "geometry (measure)"] {
      #expect(result.text.contains(stage), "\(stage)")
    }
    #expect(try folder.names.isEmpty)
  }
}
