import TestSupport
import Testing

@testable import Report
@testable import Support

@Suite("Inputs of a report")
struct ReportInputsTests {
  @Test("Models are named by the parts of their paths that differ")
  func files() {
    #expect(ReportInputs.names(["out/a/measures.json", "out/b/measures.json"]) == ["a", "b"])
    #expect(ReportInputs.names(["x/small.json", "y/large.json"]) == ["small", "large"])
    #expect(ReportInputs.names(["x/1/m.json", "y/1/m.json", "y/2/m.json"]) == ["x/1", "y/1", "y/2"])
    #expect(ReportInputs.names(["m.json", "a/m.json"]) == ["m", "a/m"])
    #expect(ReportInputs.names(["m.json", "m.json"]) == ["m", "m"])
    #expect(ReportInputs.names(["a.json"]) == ["a"])
  }

  @Test("A file is named by its last part, without its extension")
  func name() {
    #expect(ReportInputs.name("a/b/m.v2.json") == "m.v2" && ReportInputs.name("m") == "m")
    #expect(ReportInputs.name("a.b/m") == "m" && ReportInputs.name("") == "")
  }

  @Test("Names use as few last path parts as possible, and drop identical ones at the end", arguments: 1...3)
  func distinct(depth: Int) {
    // …/0/x/m.json and …/1/x/m.json, with common parts before.
    let front = String(repeating: "same/", count: depth)
    #expect(ReportInputs.names((0..<3).map { "\(front)\($0)/x/m.json" }) == ["0", "1", "2"])
    #expect(ReportInputs.names(["\(front)a/1.json", "\(front)b/1.json", "\(front)b/2.json"]) == ["a/1", "b/1", "b/2"])
  }

  @Test("A document has the checksum of its bytes; invalid JSON is named")
  func read() throws {
    let folder = try TemporaryFolder()
    let (one, other) = (try folder.write("a.json", text: "{\"x\": 1}"), try folder.write("b.json", text: "{\"x\":  1}"))
    let (first, second) = (try ReportInputs.read(one), try ReportInputs.read(other))
    #expect(first.json == ["x": .integer(1)] && first.json == second.json)
    #expect(first.checksum.count == 32 && first.checksum != second.checksum)
    #expect(try ReportInputs.read(try folder.write("c.json", text: "{\"x\": 1}")).checksum == first.checksum)
    let error =
      #expect(throws: (any Error).self) {
        try ReportInputs.read(try folder.write("bad.json", text: "{"))
      } as? any DiagnosedError
    #expect(error?.diagnosis.file?.hasPrefix(folder.file("bad.json")) == true)
  }

  @Test("An input for a single model is refused with several, the table of classes first")
  func single() {
    func check(_ inputs: ReportInputs) throws { try inputs.checkNothingOfOneModel(beside: "a study", found: "a study") }
    #expect(throws: Never.self) { try check(ReportInputs(measures: ["a", "b"], title: "t")) }
    let error = #expect(throws: ReportError.self) {
      try check(ReportInputs(measures: [], classes: "c", histograms: "h", timeline: "t"))
    }
    #expect(error?.diagnosis.file == "c" && error?.isBadInput == true)
    for inputs in [ReportInputs(measures: [], timeline: "x"), ReportInputs(measures: [], tokenizer: "x")] {
      #expect(#expect(throws: ReportError.self) { try check(inputs) }?.diagnosis.file == "x")
    }
  }
}
