import Foundation
import TestSupport
import Testing

@testable import Support

/// The authors' own table of 230 models, next to the repository if it is there.
private let authorsTable =
  Places.root.deletingLastPathComponent().appendingPathComponent(
    "shared/data/linguistic-collapse/lc-2024_05_18.csv"
  ).path

@Suite("Studies across models")
struct StudyTests {
  /// Table 1 of the paper: R², and p from two million shuffles.
  private static let printed: [(name: String, r2: Double, p: Double)] = [
    ("NC1 within-class variability", 0.192011, 0.04758), ("NC2 equinormness", 0.026174, 0.48102),
    ("NC2 equiangularity", 0.218574, 0.03210), ("GNC2 hyperspherical uniformity", 0.487935, 0.00051),
    ("NC3 self-duality", 0.322210, 0.00729), ("UNC3 uniform duality", 0.000036, 0.97922),
    ("NC4 classifier agreement", 0.490278, 0.00035),
  ]

  private func number(_ value: JSONValue?) -> Double? { if case .number(let number) = value { number } else { nil } }

  private func elements(_ value: JSONValue?) -> [JSONValue] {
    if case .array(let elements) = value { elements } else { [] }
  }

  @Test(
    "The authors' table gives the R² of the paper's Table 1, and p within three standard errors",
    .enabled(if: FileManager.default.fileExists(atPath: authorsTable), "the authors' table is not here"))
  func authors() throws {
    let arguments = ["study", authorsTable, "--rows", "02x0768_01d*"]
    let result = try Tool.run(Places.tool, arguments + ["--threads", "1"])
    #expect(result.status == 0, "\(result.errors)")
    let study = try #require(JSONValue(parsing: result.output)["study"])
    let found = elements(study["properties"])
    #expect(found.map { $0["name"] } == Self.printed.map { .string($0.name) })
    for (found, printed) in zip(found, Self.printed) {
      #expect(abs(try #require(number(found["r2"])) - printed.r2) < 5e-7, "\(printed.name)")
      let error = (printed.p * (1 - printed.p) / 10_000).squareRoot()
      #expect(abs(try #require(number(found["p"])) - printed.p) < 3 * error, "\(printed.name)")
      #expect(found["n"] == .integer(21))
    }
    #expect(elements(study["models"]).count == 21)
    #expect(elements(study["columns"]?["n_params"]).count == 21)
    #expect(try Tool.run(Places.tool, arguments + ["--threads", "3"]).output == result.output)
    #expect(try Tool.run(Places.tool, arguments + ["--seed", "1"]).output != result.output)
  }

  /// A table and the losses of its models.
  private func files(_ folder: TemporaryFolder) throws -> (table: String, losses: String) {
    let rows = (0..<12).map { "m\($0),\(($0 * 7) % 12),\($0 < 6 ? 64 : 256)\n" }
    let losses = (0..<12).map { "{\"model\": \"m\($0)\", \"val_loss\": \(($0 * 5) % 12)}" }
    return (
      try folder.write("table.csv", text: "name,nc1_cdnv_squared_mean,width\n" + rows.joined()),
      try folder.write("losses.json", text: "[" + losses.joined(separator: ", ") + "]")
    )
  }

  @Test("Every format is printed or written, and the output file has what is printed as JSON")
  func formats() throws {
    let folder = try TemporaryFolder()
    let (table, losses) = try files(folder)
    let arguments = ["study", table, "--metadata", losses, "--by", "width", "--given", "width", "--holm"]
    func text(_ more: String...) throws -> String {
      let result = try Tool.run(Places.tool, arguments + more)
      #expect(result.status == 0, "\(result.errors)")
      return result.text
    }
    let json = try text()
    #expect(
      try text(
        "--output", folder.file("study.json"), "--csv", folder.file("study.csv"), "--latex", folder.file("rows.tex")
      )
      .isEmpty)
    #expect(try folder.read("study.json") == Array(json.utf8))
    #expect(try text("--format", "csv") == String(decoding: try folder.read("study.csv"), as: UTF8.self))
    #expect(try text("--format", "latex") == String(decoding: try folder.read("rows.tex"), as: UTF8.self))
    #expect(try text("--format", "table").contains("width 256"))
    let study = try #require(JSONValue(parsing: Array(json.utf8))["study"])
    #expect(elements(study["groups"]).map { $0["value"] } == ["64", "256"])
    #expect(elements(study["properties"]).map { $0["n"] } == [.integer(12)])
  }

  @Test("A byte order mark changes nothing, before CSV, JSON or measurements")
  func byteOrderMark() throws {
    let folder = try TemporaryFolder()
    let (table, losses) = try files(folder)
    let plain = try Tool.collapse("study", table, "--metadata", losses)
    for file in ["table.csv", "losses.json"] { try folder.write(file, [0xEF, 0xBB, 0xBF] + folder.read(file)) }
    let marked = try Tool.collapse("study", table, "--metadata", losses)
    #expect(marked.status == 0, "\(marked.errors)")
    #expect(try JSONValue(parsing: marked.output)["study"] == JSONValue(parsing: plain.output)["study"])
    let measures = (0..<4).map { "{\"tokens\": \($0), \"nc1_quotient\": \(($0 * 3) % 4)}" }
    let names = try measures.enumerated().map {
      try folder.write("m\($0.offset).json", text: ($0.offset % 2 == 0 ? "\u{FEFF}" : "") + $0.element)
    }
    let options = ["--against", "tokens", "--property", "nc1_quotient"]
    let result = try Tool.run(Places.tool, ["study"] + names + options)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try elements(JSONValue(parsing: result.output)["study"]?["properties"]).map { $0["n"] } == [.integer(4)])
  }

  @Test("Lists of given columns are split at commas, except within backquotes")
  func quoted() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<8).map { "m\($0),\(($0 * 5) % 8),\(($0 * 3) % 8),\($0 % 3),\(($0 * 7) % 8)\n" }
    let plain = try folder.write("plain.csv", text: "model,x,size,epochs,val_loss\n" + rows.joined())
    let commas = try folder.write("commas.csv", text: "model,x,\"size, in M\",epochs,val_loss\n" + rows.joined())
    func partial(_ table: String, _ given: String) throws -> [JSONValue?] {
      let result = try Tool.collapse("study", table, "--property", "x", "--given", given)
      #expect(result.status == 0, "\(result.errors)")
      return elements(try JSONValue(parsing: result.output)["study"]?["properties"]).map { $0["partial"] }
    }
    let expected = try partial(plain, "size,epochs")
    #expect(number(try #require(expected.first)) != nil)
    #expect(try partial(commas, "`size, in M`,epochs") == expected)
  }

  @Test("A table in JSON lines, or in JSON with NaN, gives what its values give in CSV")
  func jsonLines() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<9).map { (x: ($0 * 5) % 9, loss: ($0 * 7) % 9) }
    func object(_ model: Int, _ x: String) -> String {
      "{\"model\": \"m\(model)\", \"x\": \(x), \"val_loss\": \(rows[model].loss)}"
    }
    let objects = rows.indices.map { object($0, $0 == 0 ? "NaN" : "\(rows[$0].x)") }
    let files = [
      try folder.write(
        "t.csv",
        text: "model,x,val_loss\n"
          + rows.indices.map { "m\($0),\($0 == 0 ? "" : "\(rows[$0].x)"),\(rows[$0].loss)\n" }.joined()),
      try folder.write("t.json", text: "[" + objects.joined(separator: ", ") + "]"),
      try folder.write("t.jsonl", text: objects.joined(separator: "\n") + "\n"),
      try folder.write(
        "t.tsv",
        text: "model\tx\tval_loss\n"
          + rows.indices.map { "m\($0)\t\($0 == 0 ? "#N/A" : "\(rows[$0].x)")\t\(rows[$0].loss)\n" }.joined()),
    ]
    let studies = try files.map { file in
      let result = try Tool.collapse("study", file, "--property", "x", "--permutations", "100", "--bootstrap", "100")
      #expect(result.status == 0, "\(result.errors)")
      return try JSONValue(parsing: result.output)["study"]
    }
    #expect(elements(studies[0]?["properties"]).map { $0["n"] } == [.integer(8)])
    for study in studies.dropFirst() {
      #expect(study?["properties"] == studies[0]?["properties"] && study?["models"] == studies[0]?["models"])
    }
    let broken = try folder.write("b.jsonl", text: objects[1] + "\n" + objects[2].dropLast() + "\n")
    let result = try Tool.collapse("study", broken, "--property", "x")
    #expect(result.status == 65 && result.errors.contains("b.jsonl, line 3, byte"), "\(result.errors)")
  }

  @Test("A column named like a formula is that column, and one that is not a formula is found too")
  func columnNames() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<8).map { "m\($0),\(($0 * 5) % 8),\(($0 * 3) % 8),\(($0 * 7) % 8),\($0)\n" }.joined()
    let names = try folder.write("a.csv", text: "model,val,loss,val-loss,acc @ 5\n" + rows)
    let plain = try folder.write("b.csv", text: "model,val,loss,target,x\n" + rows)
    func r2(_ table: String, _ against: String, _ property: String) throws -> JSONValue? {
      let result = try Tool.collapse("study", table, "--property", property, "--against", against)
      #expect(result.status == 0, "\(result.errors)")
      return elements(try JSONValue(parsing: result.output)["study"]?["properties"]).first?["r2"]
    }
    #expect(try r2(names, "val-loss", "acc @ 5") == r2(plain, "target", "x"))
    #expect(try r2(names, "val - loss", "acc @ 5") == r2(plain, "val - loss", "x"))
    let result = try Tool.collapse("study", names, "--against", "val-loss", "--property", "acc @ 6")
    #expect(result.status == 64 && result.errors.contains("character 5 of “acc @ 6”"), "\(result.errors)")
  }

  @Test("What was chosen is said: the columns of names and of the standard properties")
  func choices() throws {
    let folder = try TemporaryFolder()
    let (table, losses) = try files(folder)
    let result = try Tool.collapse("study", table, "--metadata", losses)
    #expect(
      result.errors.contains(
        "models are named by column name; NC1 within-class variability = nc1_cdnv_squared_mean"), "\(result.errors)")
    try folder.write("losses.json", text: "[{\"model\": \"m1\", \"val_loss\": 3}]")
    let few = try Tool.collapse("study", table, "--metadata", losses)
    #expect(few.errors.contains("11 of 12 models are not in \(losses): “m0”, “m2”, "), "\(few.errors)")
    try folder.write("losses.json", text: "[{\"model\": \"M1\", \"val_loss\": 3}]")
    let none = try Tool.collapse("study", table, "--metadata", losses)
    #expect(none.status == 65 && none.errors.contains("\(losses): expected rows for some of the models: “m0”, "))
    #expect(none.errors.contains("found rows for “M1”"), "\(none.errors)")
  }

  @Test("Its report survives gnuplot's warnings of any length, in any locale and encoding; a failure quotes them")
  func warnings() throws {
    let folder = try TemporaryFolder()
    let (table, losses) = try files(folder)
    let study = try Tool.collapse("study", table, "--metadata", losses, "--output", folder.file("study.json"))
    #expect(study.status == 0, "\(study.errors)")
    // 300 KB that are not UTF-8, then gnuplot itself.
    let script = """
      #!/bin/sh
      printf 'Warnung: unzul\\344ssig\\n' >&2
      head -c 300000 /dev/zero | tr '\\0' '\\344' >&2
      PATH=${PATH#*:} LC_ALL=de_DE.ISO-8859-1 exec gnuplot "$@"
      """
    let path = "\(folder.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")"
    func report(_ script: String) throws -> Tool.Result {
      let program = try folder.write("gnuplot", text: script)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      return try Tool.collapse(
        "report", folder.file("study.json"), "--output", folder.file("r.html"),
        environment: ["PATH": path, "LC_ALL": "de_DE.ISO-8859-1"])
    }
    let drawn = try report(script)
    #expect(drawn.status == 0 && drawn.errors.contains("1 figures"), "\(drawn.errors)")
    let failed = try report(script.components(separatedBy: "PATH=")[0] + "exit 3\n")
    #expect(failed.status == 1 && failed.errors.contains("found Warnung: unzul\u{FFFD}ssig"), "\(failed.errors)")
  }

  @Test("A pipeline studies what it collects, and does not repeat it if nothing has changed")
  func pipeline() throws {
    let folder = try TemporaryFolder()
    for model in 0..<6 {
      try folder.write(
        "m\(model).json", text: "{\"tokens\": \(model), \"nc1_cdnv\": {\"mean\": \((model * 5) % 7)}}")
    }
    let losses = (0..<6).map { "m\($0),\(($0 * 2) % 5)\n" }.joined()
    let metadata = try folder.write("losses.csv", text: "model,val_loss\n" + losses)
    let pipeline = try folder.write(
      "p.yaml",
      text: """
        name: p
        parameters: { out: "\(folder.file("out"))" }
        stages:
          table: { uses: collect, measures: "\(folder.file("m*.json"))" }
          found: { uses: study, tables: table, metadata: "\(metadata)", property: [nc1_cdnv.mean, "log(tokens + 1)"] }
        """)
    let result = try Tool.collapse("run", pipeline)
    #expect(result.status == 0, "\(result.errors)")
    let study = try #require(JSONValue(parsing: try folder.read("out/found.json"))["study"])
    #expect(study["title"] == "found")
    #expect(elements(study["properties"]).map { $0["n"] } == [.integer(6), .integer(6)])
    #expect(try Tool.collapse("run", pipeline).errors.contains("found: up to date"))
    let verb = try Tool.collapse(
      "study", folder.file("m*.json"), "--metadata", metadata, "--property", "nc1_cdnv.mean", "--property",
      "log(tokens + 1)")
    #expect(verb.status == 0, "\(verb.errors)")
    #expect(try JSONValue(parsing: verb.output)["study"]?["properties"] == study["properties"])
  }

  @Test("A mistake in a table is exit 65, with its position or what to write instead")
  func wrong() throws {
    let folder = try TemporaryFolder()
    let table = try folder.write("t.csv", text: "model,x,val_loss\na,1,2\nb,one,3\nc,3,4\n")
    for (arguments, words) in [
      (["--property", "x"], "\(table):3:3: expected a number in column “x”, found “one”"),
      (["--property", "val_los"], "did you mean “val_loss”?"), (["--rows", "z*"], "none among 3"),
      (["--property", "x", "--metadata", folder.file("none.csv")], "none.csv"),
    ] {
      let result = try Tool.run(Places.tool, ["study", table] + arguments)
      #expect(result.status == 65 && result.errors.contains(words) && result.output.isEmpty, "\(result.errors)")
    }
  }

  @Test(
    "Wrong options are exit 64, formulas with the position of the mistake",
    arguments: [
      (["--property", "x /"], "--property: character 4 of “x /”"), (["--where", "x >"], "--where"),
      (["--against", "lg(x)"], "one of the functions log"), (["--permutations", "0"], "whole number"),
      (["--given", "x,("], "--given"), (["--format", "html"], "html"),
    ])
  func usage(options: [String], words: String) throws {
    let folder = try TemporaryFolder()
    let table = try folder.write("t.csv", text: "model,x,val_loss\na,1,2\nb,2,3\nc,3,4\n")
    let result = try Tool.run(Places.tool, ["study", table] + options)
    #expect(result.status == 64 && result.errors.contains(words) && result.output.isEmpty, "\(result.errors)")
  }
}
