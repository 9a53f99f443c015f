import Testing

@testable import KindsForTests
@testable import Plan

@Suite("Matrices")
struct MatrixExpansionTests {
  private func graph(_ stages: String, parameters: String = "{ out: o }", settings: [String] = []) throws
    -> PipelineGraph
  {
    let (description, problems) = StandardKinds.check(
      text: "parameters: \(parameters)\nstages:\n\(stages)", file: "p.yaml", settings: settings)
    return try StandardKinds.graph(description, found: problems)
  }

  private func problems(_ stages: String, parameters: String = "{ out: o }") -> [String] {
    let error = #expect(throws: PipelineError.self) { try graph(stages, parameters: parameters) }
    return error?.problems.map { "\($0)" } ?? []
  }

  /// The references of each stage, by name.
  private func links(_ graph: PipelineGraph) -> [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: graph.stages.map { stage in
        (stage.name, stage.dependencies.map { graph.stages[$0].name }.sorted())
      })
  }

  @Test("A chain is repeated as a whole, instance by instance, and a list takes all instances")
  func chain() throws {
    let graph = try graph(
      """
        train: { matrix: { file: [Package.swift, README.md] }, uses: read, files: "${file}" }
        moments: { uses: accumulate, from: train }
        geometry: { uses: measure, moments: moments, classes: "o/${file}.csv" }
        all: { uses: merge, states: moments }
      """)
    #expect(
      links(graph) == [
        "train.file=Package.swift": [], "train.file=README.md": [],
        "moments.file=Package.swift": ["train.file=Package.swift"],
        "moments.file=README.md": ["train.file=README.md"],
        "geometry.file=Package.swift": ["moments.file=Package.swift"],
        "geometry.file=README.md": ["moments.file=README.md"],
        "all": ["moments.file=Package.swift", "moments.file=README.md"],
      ])
    #expect(
      graph.stages.flatMap { stage in stage.outputs(in: "o").map(\.file) }.sorted() == [
        "o/Package.swift.csv", "o/README.md.csv", "o/all.h5", "o/geometry.file=Package.swift.json",
        "o/geometry.file=README.md.json", "o/moments.file=Package.swift.h5", "o/moments.file=README.md.h5",
      ])
  }

  @Test("With several names, a stage is repeated for each combination of values, with the last name changing fastest")
  func product() throws {
    let graph = try graph(
      "  a: { matrix: { x: [1, 2], y: [p, q, r] }, uses: merge, states: LICENSE, output: \"${x}${y}\" }")
    #expect(graph.stages.map { $0.kind.output?.value ?? "" } == ["1p", "1q", "1r", "2p", "2q", "2r"])
    #expect(graph.stages[4].name == "a.x=2,y=q")
    #expect(graph.stages[4].values == [MatrixValue(name: "x", value: "2"), MatrixValue(name: "y", value: "q")])
  }

  @Test("A list takes the instances that agree with the stage on the names that both have")
  func partial() throws {
    let graph = try graph(
      """
        part: { matrix: { layer: [1, 2], shard: [7, 8] }, uses: merge, states: LICENSE }
        whole: { matrix: { layer: [1, 2] }, uses: merge, states: part }
        geometry: { uses: measure, moments: whole }
      """)
    let links = links(graph)
    #expect(links["whole.layer=1"] == ["part.layer=1,shard=7", "part.layer=1,shard=8"])
    #expect(links["whole.layer=2"] == ["part.layer=2,shard=7", "part.layer=2,shard=8"])
    #expect(links["geometry.layer=2"] == ["whole.layer=2"])
    #expect(graph.stages.count == 8)
  }

  @Test("Stages with the same names join where values are equal; a stage with other names is repeated over both")
  func join() throws {
    let graph = try graph(
      """
        a: { matrix: { step: [1, 2, 3] }, uses: merge, states: LICENSE }
        b: { matrix: { step: [3, 1] }, uses: measure, moments: a }
        c: { matrix: { min: [1, 5] }, uses: measure, moments: a, min-count: "${min}" }
      """)
    let links = links(graph)
    #expect(links["b.step=3"] == ["a.step=3"] && links["b.step=1"] == ["a.step=1"])
    #expect(links["c.min=5,step=2"] == ["a.step=2"])
    #expect(graph.stages.count == 3 + 2 + 6)
  }

  @Test("Values may hold parameters, and anything that an option may; file names take what they can")
  func values() throws {
    let graph = try graph(
      "  a: { matrix: { model: [\"${base}/one\", \"wo rk\", 1e-3, true] }, uses: merge, states: LICENSE, output: \"${model}\" }",
      parameters: "{ base: x }", settings: ["base=/m"])
    #expect(graph.stages.map { $0.kind.output?.value ?? "" } == ["/m/one", "wo rk", "1e-3", "true"])
    #expect(graph.stages.map(\.name) == ["a.model=_m_one", "a.model=wo_rk", "a.model=1e-3", "a.model=true"])
  }

  @Test(
    "A mistake in a matrix is one problem, at its position, whatever refers to it",
    arguments: [
      ("[1, 2]", "p.yaml:3:16: expected the matrix of “a” to be a mapping"),
      ("{}", "p.yaml:3:16: expected a name in the matrix of “a”, found none"),
      ("{ step: 1 }", "p.yaml:3:24: expected a list of values for step, found none"),
      ("{ step: [] }", "p.yaml:3:24: expected a list of values for step, found an empty one"),
      ("{ step: [1, [2]] }", "p.yaml:3:28: expected one value for step"),
      ("{ step: [1, { a: b }] }", "p.yaml:3:28: expected one value for step"),
      ("{ step: [1, 2, 1] }", "p.yaml:3:31: expected each value of step once"),
      ("{ step: [a/b, a:b] }", "p.yaml:3:30: “a/b” and “a:b” both become step=a_b in file names"),
      ("{ step: [1, \"${ot}\"] }", "p.yaml:3:28: unknown parameter “ot”\n  → did you mean “out”?"),
      ("{ a-b: [1], step: [2] }", "p.yaml:3:18: expected a matrix name of letters, digits and “_”, found “a-b”"),
      ("{ out: [1], step: [2] }", "p.yaml:3:18: “out” is also a parameter"),
      (
        "{ step: [\(String(repeating: "x", count: 220))] }",
        "p.yaml:3:25: expected at most 120 bytes for name and value"
      ),
    ])
  func mistakes(matrix: String, message: String) {
    let found = problems(
      """
        a: { matrix: \(matrix), uses: merge, states: LICENSE }
        m: { uses: measure, moments: a, min-count: "1${step}", output: "${step}.h5" }
      """)
    // Without a name, ${step} has no value either.
    let own = found.filter { matrix.contains("step") || !$0.contains("unknown parameter “step”") }
    #expect(own.count == 1 && own[0].hasPrefix(message), "\(found)")
  }

  @Test("A name that no matrix of the stage has is answered with the likely one, or with the stage that has it")
  func unknown() {
    #expect(
      problems("  a: { matrix: { step: [1, 2] }, uses: merge, states: LICENSE, output: \"${stp}.h5\" }") == [
        "p.yaml:3:72: unknown parameter “stp”\n  → did you mean “step”?"
      ])
    #expect(
      problems(
        """
          a: { matrix: { step: [1, 2] }, uses: merge, states: LICENSE }
          b: { uses: merge, states: a, output: "${step}.h5" }
        """) == [
          "p.yaml:4:40: “step” belongs to the matrix of “a”, which does not repeat this stage\n  → refer to “a” or a stage that depends on it, or give this stage a matrix"
        ])
  }

  @Test("A misspelt reference to a repeated stage is one problem, whichever matrix names are used")
  func misspeltReference() {
    for stage in ["moments: stat", "momentz: state"] {
      let found = problems(
        """
          state: { matrix: { step: [1, 2] }, uses: merge, states: LICENSE }
          b: { uses: measure, \(stage), output: "${step}.json", classes: "${step}.csv" }
        """)
      #expect(found.allSatisfy { !$0.contains("step") }, "\(found)")
    }
  }

  @Test("A matrix under a misspelt key is one problem, and still works as a matrix")
  func misspelt() {
    #expect(
      problems("  a: { matrx: { step: [1, 2] }, uses: merge, states: LICENSE, output: \"${step}.h5\" }") == [
        "p.yaml:3:8: unknown option “matrx” of merge\n  → did you mean “matrix”?"
      ])
  }

  @Test("An output that is the same for every value is one problem, and the advice gives the name to add")
  func sameOutput() {
    #expect(
      problems("  a: { matrix: { step: [1, 2, 3] }, uses: merge, states: LICENSE, output: x.h5 }") == [
        "p.yaml:3:75: “a” would write x.h5 for each value of its matrix\n  → put ${step} into its name"
      ])
  }

  @Test("Standard input, which is read once, cannot be read for each value; and a stage cannot wait for itself")
  func onlyOnce() {
    let input = problems(
      "  a: { matrix: { step: [1, 2, 3] }, uses: read, files: \"-\" }\n  m: { uses: accumulate, from: a }")
    #expect(input.count == 1 && input[0].hasPrefix("p.yaml:3:56: “a” would read standard input for each value"))
    let cycle = problems("  a: { matrix: { step: [1, 2] }, uses: merge, states: b }\n  b: { uses: merge, states: a }")
    #expect(cycle.allSatisfy { $0.contains("a cycle of stages") }, "\(cycle)")
  }

  @Test("Mistakes in repeated options are reported once")
  func once() {
    let found = problems("  a: { matrix: { step: [1, 2, 3] }, uses: measure, min-count: none, momnets: x }")
    #expect(found.count == 3, "\(found)")
  }

  @Test("Values that only one of two joined stages has are named")
  func disjoint() {
    #expect(
      problems(
        """
          a: { matrix: { step: [1, 2] }, uses: merge, states: LICENSE }
          b: { matrix: { step: [1, 3] }, uses: measure, moments: a }
        """) == ["p.yaml:4:58: “a” is not repeated for step 3\n  → give both the same values"])
  }

  @Test("A repeated name that equals another stage's is two stages writing one file")
  func nameClash() {
    #expect(
      problems(
        "  a: { matrix: { x: [1] }, uses: merge, states: LICENSE }\n  b: { uses: merge, states: LICENSE, output: \"o/a.x=1.h5\" }"
      )
      .first?.contains("would write o/a.x=1.h5, as “a” does") == true)
  }

  @Test("An absurd number of stages is refused before they are made")
  func most() throws {
    let values = (0..<100).map(String.init).joined(separator: ", ")
    let many = problems(
      "  a: { matrix: { x: [\(values)], y: [\(values)], z: [\(values)] }, uses: merge, states: LICENSE }\n  b: { uses: measure, moments: a }"
    )
    #expect(many.first?.contains("expected at most 10000 stages, found 1000000 of “a” and 0 others") == true)
    #expect(
      try graph("  a: { matrix: { x: [\(values)], y: [\(values)] }, uses: merge, states: LICENSE }").stages.count
        == 10_000)
  }

  @Test("A stage whose references form a cycle is checked completely")
  func circle() {
    let found = problems(
      """
        a: { matrix: { x: [1, 2] }, uses: measure, moments: b }
        b: { uses: measure, moments: a }
      """)
    #expect(!found.isEmpty)
  }
}
