import Testing

@testable import KindsForTests
@testable import Plan

@Suite("Merge keys")
struct MergeKeysTests {
  private func options(_ text: String) throws -> [[String: [String]]] {
    try StandardKinds.parse(text, file: "p.yaml").stages.map { $0.options.mapValues { $0.values.map(\.value) } }
  }

  @Test("A stage takes the options of another and replaces some; its kind may come from there too")
  func stage() throws {
    let stages = try options(
      """
      stages:
        one: &base { uses: accumulate, from: x, within: pooled, threads: 2 }
        two: { <<: *base, within: none, output: o.h5 }
        three: { output: p.h5, <<: *base }
      """)
    #expect(stages[1] == ["from": ["x"], "within": ["none"], "threads": ["2"], "output": ["o.h5"]])
    #expect(stages[2] == ["from": ["x"], "within": ["pooled"], "threads": ["2"], "output": ["p.h5"]])
  }

  @Test("Of several mappings the first wins, and merged mappings may merge others")
  func several() throws {
    let stages = try options(
      """
      stages:
        a: &a { uses: read, files: one, threads: 1 }
        b: &b { <<: *a, files: two, labels: l }
        c: { <<: [*a, *b], features: f }
        d: { <<: [*b, *a] }
      """)
    #expect(stages[2] == ["files": ["one"], "threads": ["1"], "labels": ["l"], "features": ["f"]])
    #expect(stages[3] == ["files": ["two"], "threads": ["1"], "labels": ["l"]])
  }

  @Test("Parameters, stages and matrices merge too, with merged names first")
  func everywhere() throws {
    let pipeline = try StandardKinds.parse(
      """
      parameters: { <<: { data: here, more: "${data}/x" }, data: there }
      stages:
        <<: { first: { uses: read, files: "${more}" } }
        second: { uses: read, files: "${data}", matrix: { <<: { a: [1, 2] }, b: [3] } }
      """, file: "p.yaml")
    #expect(
      pipeline.stages.map(\.name) == ["first", "second.a=1,b=3", "second.a=2,b=3"])
    #expect(pipeline.stages[0].options["files"]?.values.map(\.value) == ["there/x"])
  }

  @Test("A mistake in a merged option has the place where it was written; a value that is not a mapping is refused")
  func mistakes() {
    let text = "stages:\n  a: &a { uses: read, files: { x: y } }\n  b: { <<: *a }\n  c: { uses: read, <<: [*a, z] }\n"
    let error = #expect(throws: PipelineError.self) { try StandardKinds.parse(text, file: "p.yaml") }
    let places = Set(error?.problems.map { "\($0.place)" } ?? [])
    #expect(places == ["p.yaml:2:30", "p.yaml:4:29"], "\(error?.description ?? "")")
    #expect(error?.description.contains("expected a mapping to merge, found another value") == true)
  }

  @Test("Aliases of aliases to merge are refused, and not expanded", .timeLimit(.minutes(5)))
  func bombs() {
    func problems(_ levels: Int, _ sources: String) -> [String] {
      let lines = (1...levels).map { level in
        "  s\(level): &s\(level) { <<: \(sources.replacingOccurrences(of: "X", with: "*s\(level - 1)")) }\n"
      }
      let text = "stages:\n  s0: &s0 { uses: read, files: x }\n" + lines.joined()
      return StandardKinds.check(text: text, file: "p.yaml").problems.map(\.message)
    }
    #expect(problems(18, "X").isEmpty)
    #expect(problems(40, "X").contains { $0.hasPrefix("expected at most 20 mappings within each other") })
    #expect(problems(18, "[X, X, X, X]").contains { $0.hasSuffix("and fewer members") })
  }
}
