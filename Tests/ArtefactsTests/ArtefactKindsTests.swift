import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import Storage
@testable import Support

@Suite("The kinds of files that stages pass to each other")
struct ArtefactKindsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The facts of a file in one line of JSON; nil if it is not an artefact.
  private func facts(of file: String) throws -> String? {
    try ArtefactKinds.facts(of: file).map { facts in JSONValue.object(facts.map { .init($0.0, $0.1) }).line }
  }

  private func facts(_ name: String, _ text: String) throws -> String? {
    try facts(of: folder.write(name, text: text))
  }

  @Test("A table of classes is recognized by its content, and shows classes, samples and columns in both containers")
  func classes() throws {
    let table = ClassTable(columns: [
      ClassColumn(.token, .integers([3, 8])), ClassColumn(.text, .texts(["a,\"b\"", "é"])),
      ClassColumn(.count, .integers([5, 7])), ClassColumn(.norm, .numbers([0.5, nil])),
    ])
    let made = try JSONValue(parsing: Array(#"{"tool": "collapse x", "min_count": 2, "types": true}"#.utf8))
    for (file, container, provenance) in [
      ("c", "CSV", ""), ("c.h5", "HDF5", #", "min_count": 2, "tool": "collapse x", "types": 1"#),
    ] {
      try ClassesFile.begin(table, at: folder.file(file), provenance: made).commit()
      #expect(
        try facts(of: folder.file(file)) == """
          {"kind": "table of token classes (\(container))", "samples": 12, "classes": 2, "smallest_token": 3, \
          "largest_token": 8, "columns": ["token", "text", "count", "norm"]\(provenance)}
          """)
    }
  }

  @Test(
    "Measurements show their sizes, statistics, undefined statistics and provenance")
  func measures() throws {
    let found = try facts(
      "m",
      """
      {"tokens": 9, "classes": 3, "dimension": 2, "nc1_quotient": 0.5, "nc1_svd": null, "nc2_norm": {"mean": 1},
       "bands": [{}, {}], "provenance": {"tool": "collapse x", "bands": 2}}
      """)
    #expect(
      found == """
        {"kind": "measurements (JSON)", "samples": 9, "classes": 3, "dimension": 2, \
        "statistics": ["nc1_quotient", "nc2_norm"], "undefined": ["nc1_svd"], "tool": "collapse x", \
        "bands": 2}
        """)
    let sure = try facts("e", #"{"tokens": 9, "a": 1, "standard_errors": {"a": 0.5}, "remarks": []}"#)
    #expect(
      sure?.hasSuffix(#""statistics": ["a"], "standard_errors": ["a"], "errors": "in closed form"}"#) == true,
      "\(sure ?? "")")
    let reordered = try facts("other order", "\u{FEFF}{\"classes\": 3, \"tokens\": 9}")
    #expect(reordered?.hasPrefix(#"{"kind": "measurements (JSON)", "samples": 9, "classes": 3, "#) == true)
  }

  @Test("Files of other kinds are not recognized")
  func others() throws {
    for text in ["", "{", "{\"model\": 1}", "[{\"tokens\": 9}]", "{\"classes\": 3}", "a,b\n1,2\n", "token,norm\n1,2\n"]
    {
      #expect(try facts("x", text) == nil, "\(text)")
    }
    #expect(try facts(of: folder.pipe("pipe", of: Array("{\"tokens\": 9}".utf8))) == nil)
  }

  @Test("Damaged files are refused with the place of the damage")
  func damaged() throws {
    let json = #expect(throws: (any Error).self) { try facts("m.json", "{\"tokens\": 9, ") }
    #expect((json as? any DiagnosedError)?.diagnosis.file?.hasSuffix("m.json") == true)
    #expect(throws: StreamError.self) { try facts("n.json", "{\"tokens\": [9]}") }
    let csv = #expect(throws: StreamError.self) { try facts("c.csv", "token,count\n1,2\n2,x\n") }
    #expect(csv?.diagnosis.file?.hasSuffix("c.csv:3:3") == true)
  }
}
