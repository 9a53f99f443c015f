import Foundation
import TestSupport
import Testing

/// Promise: what a file says or is called cannot move the cursor, change the order of other text, or look like a line of
/// ours. Data for programs stays exact.
@Suite("Texts from files on a terminal, in a log and on a page")
struct HostileTextsTests {
  /// A name that clears the screen, turns the order of what follows, and begins a new line.
  private static let name = "evil\u{1B}[2J\u{9B}1m\u{202E}\r\n2026-01-01T00:00:00Z error: forged \u{2066}\u{200F}x"
  private static let visible =
    #"evil\x1B[2J\u009B1m\u202E\r\n2026-01-01T00:00:00Z error: forged \u2066\u200Fx"#

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.name + ".npy", NPY.batch([1, 2, 1, 2], [0.5, 1.5, 2, 4], dimension: 1))
  }

  private func collapse(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(Places.tool, arguments, folder: folder.path)
  }

  /// Expects that a terminal would only show the texts.
  private func expectShown(_ result: Tool.Result, sourceLocation: SourceLocation = #_sourceLocation) {
    for text in [result.text, result.errors] {
      let obeyed = text.unicodeScalars.filter { scalar in
        scalar != "\n"
          && ([.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
            || scalar.properties.isBidiControl)
      }
      #expect(obeyed.isEmpty, "\(text.debugDescription)", sourceLocation: sourceLocation)
      #expect(
        !text.split(separator: "\n").contains { $0.contains("error: forged") && !$0.contains("evil") },
        "\(text.debugDescription)", sourceLocation: sourceLocation)
    }
  }

  @Test("Names of files in messages, log lines, tables and JSON")
  func names() throws {
    for arguments in [
      ["inspect", Self.name + ".npy", "--format", "table"], ["inspect", Self.name + ".npy", "--format", "json"],
      ["inspect", Self.name], ["accumulate", Self.name + ".npy", "--output", Self.name + ".h5"],
      ["accumulate", Self.name + ".npy", "--output", Self.name + ".h5", "--log-format", "json"],
      ["inspect", Self.name + ".h5", "--format", "table"], ["measure", Self.name + ".h5", "--format", "table"],
      ["measure", Self.name + ".npy"], ["merge", Self.name], ["status", Self.name], ["cancel", Self.name],
      [
        "decide", Self.name + ".npy", "--moments", Self.name + ".h5", "--classifier", Self.name + "#x", "--output", "o",
      ],
      ["accumulate", "--" + Self.name], ["study", Self.name], ["report", Self.name, "--output", "r.html"],
      ["count", Self.name + ".npy", "--output", Self.name + ".csv"],
    ] {
      let result = try Tool.run(Places.tool, arguments, folder: folder.path)
      expectShown(result)
    }
    let said = try collapse("accumulate", Self.name + ".npy", "--output", Self.name + ".h5")
    #expect(said.status == 0 && said.errors.contains("wrote \(Self.visible).h5"), "\(said.errors)")
    // In JSON, the name is exact.
    let inspected = try collapse("inspect", Self.name + ".npy", "--format", "json")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(inspected.output)) as? [String: Any])
    #expect(json["file"] as? String == Self.name + ".npy")
  }

  @Test("Names, values and commands of a pipeline file in all that is said of it")
  func pipeline() throws {
    let name = #"evil\e[2J\u202E\r\nforged: \u2067"#
    try folder.write(
      "p.yaml",
      text: """
        name: "\(name)"
        parameters: { out: "out" }
        stages:
          s: { uses: read, command: "printf '\(name)'" }
          t: { uses: read, files: "evil*.npy" }
          m: { uses: accumulate, from: s }
          n: { uses: accumulate, from: t, output: "out/\(name).h5" }
        """)
    for arguments in [
      ["validate", "p.yaml"], ["graph", "p.yaml"], ["graph", "p.yaml", "--format", "dot"],
      ["graph", "p.yaml", "--format", "mermaid"], ["run", "p.yaml"], ["run", "p.yaml", "--dry-run"],
      ["run", "p.yaml", "--allow-commands"], ["run", "p.yaml", "--allow-commands", "--log-format", "json"],
      ["status", "out", "--format", "table"], ["status", "out", "--format", "json"],
      ["run", "p.yaml", "--executor", "slurm", "--dry-run"],
    ] {
      expectShown(try Tool.run(Places.tool, arguments, folder: folder.path))
    }
    let drawn = try collapse("graph", "p.yaml")
    #expect(drawn.text.hasPrefix(#"evil\x1B[2J\u202E\r\nforged: \u2067"# + "\n"), "\(drawn.text) \(drawn.errors)")
  }

  @Test("Cells of a table in messages; in a table for programs they stay as they are")
  func cells() throws {
    let model = "=1+1\u{1B}\u{202E}-@x"
    try folder.write(
      "t.csv", text: "model,val_loss,a\n\(model)1,1,2\n\(model)2,2,3\n\(model)3,3,5\n\(model)4,4,\u{1B}no\n")
    expectShown(try collapse("study", "t.csv", "--property", "a"))
    let json = model + ".json"
    try folder.write(json, text: #"{"tokens": 4, "classes": 2, "dimension": 1, "nc1_quotient": 1}"#)
    let table = try collapse("collect", "./" + json)
    #expect(table.status == 0 && table.text.contains("\n./\(json),"), "\(table.text) \(table.errors)")
    let written = try collapse("collect", "./" + json, "--output", "c.csv")
    #expect(written.status == 0, "\(written.errors)")
    #expect(try folder.read("c.csv") == table.output)
  }

  @Test("A token's text on a page cannot turn the order of other text; its file has it exactly")
  func page() throws {
    guard Tool.exists("gnuplot") else { return }
    let token = "a\u{202E}b\u{2028}\u{7F}c\u{200D}"
    let pieces = "{\"\(token)\": 1, \"d\": 2}"
    try folder.write("tokenizer.json", text: "{\"model\": {\"type\": \"WordLevel\", \"vocab\": \(pieces)}}")
    #expect(try collapse("accumulate", Self.name + ".npy", "--output", "m.h5").status == 0)
    let measured = try collapse(
      "measure", "m.h5", "--tokenizer", "tokenizer.json", "--classes", "c.csv", "--output", "m.json")
    #expect(measured.status == 0, "\(measured.errors)")
    let csv = String(decoding: try folder.read("c.csv"), as: UTF8.self)
    #expect(csv.contains("a\u{202E}b"), "\(csv)")
    let report = try collapse("report", "m.json", "--classes", "c.csv", "--output", "r.html")
    #expect(report.status == 0, "\(report.errors)")
    let page = String(decoding: try folder.read("r.html"), as: UTF8.self)
    #expect(page.contains(#"a\\u202Eb"#) && !page.unicodeScalars.contains { $0.properties.isBidiControl })
  }
}
