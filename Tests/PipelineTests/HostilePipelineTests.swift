import Foundation
import Testing

@testable import Pipeline

/// Files that nobody writes by hand: each is checked, in a time that its length explains.
@Suite("Hostile pipeline files")
struct HostilePipelineTests {
  private static func problems(_ text: String) throws -> [Problem] {
    let (description, found) = PipelineFile.check(text: text, file: "p.yaml")
    do {
      _ = try PipelineGraph(description, found: found)
      return []
    } catch let error as PipelineError {
      return error.problems
    }
  }

  private static func chain(_ count: Int, _ kind: String, _ option: String, last: String) -> String {
    "stages:\n" + (0..<count).map { "  s\($0): { uses: \(kind), \(option): s\($0 + 1) }\n" }.joined()
      + "  s\(count): { \(last) }\n"
  }

  /// Ten to the power of `count` names, in as many aliases of aliases.
  private static func lists(_ count: Int) -> String {
    (0..<count).map { level in
      let names = Array(repeating: level == 0 ? "a" : "*x\(level - 1)", count: 10).joined(separator: ", ")
      return "x\(level): &x\(level) [\(names)]\n"
    }.joined()
  }

  @Test(
    "A list of lists of lists as a key is refused before anything compares it",
    arguments: ["? *x11\n: y\n", "*x11 : y\n"])
  func key(text: String) throws {
    let problems = try Self.problems(Self.lists(12) + text + "stages: {}")
    #expect(problems.map(\.message) == ["expected a name as key, found a list, a mapping or an alias"])
    #expect(problems.first?.place == .file("p.yaml", line: 13, column: text.hasPrefix("?") ? 3 : 1))
  }

  @Test("A list of lists of lists as a value is refused as one value is expected")
  func value() throws {
    let problems = try Self.problems(Self.lists(12) + "stages: { a: { uses: *x11 } }")
    #expect(problems.contains { $0.message == "expected one value for uses" }, "\(problems)")
  }

  @Test("A stream through thousands of stages is one problem, wherever its reader stands", arguments: [101, 9000])
  func longStream(count: Int) throws {
    let text = Self.chain(count, "filter", "from", last: "uses: read, files: LICENSE")
    let problems = try Self.problems(text)
    #expect(
      problems.map(\.message) == ["expected a stream that comes through at most 100 stages, found more"])
    #expect(problems.first?.place == .file("p.yaml", line: 2, column: 15))
  }

  @Test("A stream through a hundred stages is followed to its reader, at the end of the file and at its start")
  func followed() throws {
    let text =
      Self.chain(99, "filter", "from", last: "uses: read, files: LICENSE")
      + "  count: { uses: count, from: s0, output: o.csv }\n"
    let problems = try Self.problems(text)
    #expect(problems.isEmpty, "\(problems)")
  }

  @Test("Artefacts are made of each other thousands of times over, the first one first")
  func longChain() throws {
    let text = Self.chain(4000, "merge", "states", last: "uses: merge, states: LICENSE")
    let (description, found) = PipelineFile.check(text: "parameters: { out: o }\n" + text, file: "p.yaml")
    let graph = try PipelineGraph(description, found: found)
    #expect(graph.units == (0...4000).reversed().map { [$0] })
  }

  @Test("Thousands of stages that wait in a circle are one cycle, told by its first stages")
  func circle() throws {
    let problems = try Self.problems(Self.chain(4000, "merge", "states", last: "uses: merge, states: s0"))
    let cycle = try #require(problems.first { $0.message.hasPrefix("a cycle of stages") })
    #expect(cycle.message.contains("“s0” → “s1” →") && cycle.message.hasSuffix("“s19” → … → “s0”"))
    #expect(problems.filter { $0.message.hasPrefix("a cycle of stages") }.count == 1)
  }

  @Test("Stages repeated over the names of hundreds of others cannot be named")
  func matrices() throws {
    let text =
      "parameters: { out: o }\nstages:\n  s0: { uses: read, files: LICENSE, matrix: { m0: [1] } }\n"
      + (1..<500).map { "  s\($0): { uses: filter, from: s\($0 - 1), matrix: { m\($0): [1] } }\n" }.joined()
    let problems = try Self.problems(text)
    #expect(
      problems.filter { $0.message.hasPrefix("expected values that make a name of at most 200 bytes") }.count > 400,
      "\(problems.map(\.message))")
  }

  @Test("Thousands of unknown names are told, each, with a suggestion for the first hundred")
  func unknownNames() throws {
    let names = (0..<3000).map { "'${q\($0)}'" }.joined(separator: ", ")
    let parameters = (0..<3000).map { "  p\($0): 1\n" }.joined()
    let problems = try Self.problems("parameters:\n\(parameters)stages: { a: { uses: read, files: [\(names)] } }")
      .filter { $0.message.hasPrefix("unknown parameter") }
    #expect(problems.count == 3000)
    let suggestions = problems.prefix { $0.advice != "check the spelling" }
    #expect(suggestions.contains { $0.advice == "did you mean “p10”?" })
    #expect((90...[Problem].mostSuggestions).contains(suggestions.count))
    #expect(problems.last?.advice == "check the spelling")
  }
}
