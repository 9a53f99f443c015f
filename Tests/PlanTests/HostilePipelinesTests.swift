import Foundation
import Testing

@testable import KindsForTests
@testable import Plan

/// A pipeline file may come from anywhere: whatever it holds, the answer is an error or a plan, and comes quickly.
@Suite("Hostile pipelines")
struct HostilePipelinesTests {
  private func problems(_ text: String) -> [String] {
    let (description, problems) = StandardKinds.check(text: text, file: "p.yaml")
    let error = #expect(throws: PipelineError.self) { try StandardKinds.graph(description, found: problems) }
    return error?.problems.map { "\($0)" } ?? []
  }

  /// Text that expands beyond all bounds: ten of ten of ten …
  private static let bomb = (1...40).map { level in
    "x\(level): &x\(level) [\(Array(repeating: "*x\(level - 1)", count: 10).joined(separator: ", "))]"
  }

  @Test("Aliases of aliases are refused as keys, and are not expanded as values", .timeLimit(.minutes(5)))
  func aliases() {
    let lines = "x0: &x0 [a, b]\n" + Self.bomb.joined(separator: "\n")
    #expect(
      problems(lines + "\n? *x40\n: y\n") == [
        "p.yaml:42:3: expected a name as the key, found a list or a mapping\n  → write key: value lines"
      ])
    #expect(problems(lines).contains { $0.hasPrefix("p.yaml:1:1: unknown key “x0” in a pipeline") })
  }

  @Test("A stream through thousands of stages is refused, and does not exhaust the stack", .timeLimit(.minutes(5)))
  func transforms() {
    let chain = (0..<3000).map { "  s\($0): { uses: filter, from: s\($0 + 1), first: 1 }\n" }.joined()
    let text = "stages:\n\(chain)  s3000: { uses: read, files: README.md }\n  m: { uses: accumulate, from: s0 }\n"
    #expect(
      problems(text).contains {
        $0.hasPrefix("p.yaml:3003:")
          && $0.contains("expected a stream through at most 100 stages, found 3000")
      })
  }

  @Test("The maximum number of stages between a reader and a consumer works", .timeLimit(.minutes(5)))
  func allowed() throws {
    func text(_ count: Int) -> String {
      let chain = (0..<count).map { "  s\($0): { uses: filter, from: s\($0 + 1), first: 1 }\n" }.joined()
      return
        "stages:\n\(chain)  s\(count): { uses: read, files: README.md }\n  m: { uses: accumulate, from: s0, output: o.h5 }\n"
    }
    let (description, found) = StandardKinds.check(text: text(100), file: "p.yaml")
    let graph = try StandardKinds.graph(description, found: found)
    #expect(graph.stages.last?.upstream.count == 101)
    #expect(problems(text(101)).count == 1)
  }

  @Test("Thousands of artefacts, each made from the one before, are put in order", .timeLimit(.minutes(5)))
  func chain() throws {
    let chain = (0..<3000).map { "  s\($0): { uses: merge, states: [s\($0 + 1), README.md] }\n" }.joined()
    let text = "parameters: { out: o }\nstages:\n\(chain)  s3000: { uses: merge, states: README.md }\n"
    let (description, found) = StandardKinds.check(text: text, file: "p.yaml")
    let graph = try StandardKinds.graph(description, found: found)
    #expect(graph.units == (0...3000).reversed().map { [$0] })
    let circle = text.replacingOccurrences(of: "states: README.md", with: "states: s0")
    #expect(problems(circle).count == 1)
  }

  @Test(
    "Of thousands of mistakes, the first have suggestions, and the report is bounded", .timeLimit(.minutes(5))
  )
  func mistakes() {
    let names = (0..<2000).map { "  parameter\($0): 1\n" }.joined()
    let uses = (0..<2000).map { "${paremeter\($0)}" }.joined(separator: " ")
    let text = "parameters:\n\(names)stages:\n  m: { uses: merge, states: \"\(uses)\" }\n"
    let (description, found) = StandardKinds.check(text: text, file: "p.yaml")
    let error = #expect(throws: PipelineError.self) { try StandardKinds.graph(description, found: found) }
    let lines = (error.map { "\($0)" } ?? "").split(separator: "\n")
    #expect(lines.contains("  → did you mean “parameter1”?") && lines.contains("  → check this name too"))
    #expect(lines.last?.hasSuffix(" more problems") == true && lines.count == 201)
  }

  @Test(
    "Long lists that aliases and matrices multiply are refused before they are made", .timeLimit(.minutes(5)))
  func lists() {
    let list = "[\(Array(repeating: "a", count: 2_000).joined(separator: ","))]"
    let aliases = (0..<200).map { "  s\($0): { uses: merge, states: *x }\n" }.joined()
    #expect(
      problems("stages:\n  s: { uses: merge, states: &x \(list) }\n\(aliases)").contains {
        $0.contains("expected at most 200000 option values in a pipeline, found more")
      })
    let values = (0..<200).map { "\($0)" }.joined(separator: ", ")
    #expect(
      problems("stages:\n  s: { matrix: { v: [\(values)] }, uses: merge, states: \(list) }\n").contains {
        $0.contains("found more after repeating “s” 200 times")
      })
  }
}
