import Foundation
import Testing

@testable import Geometry
@testable import KindsForTests
@testable import Plan

@Suite("Pictures of stage graphs")
struct GraphPictureTests {
  private func graph(_ stages: String, name: String = "p") throws -> PipelineGraph {
    try StandardKinds.graph(
      StandardKinds.parse("name: '\(name)'\nparameters: { out: o }\nstages:\n\(stages)", file: "p.yaml"))
  }

  private static let chain = """
      geometry: { uses: measure, moments: moments, classes: "o/${step}.csv" }
      moments: { uses: accumulate, from: train, measure-every: 1e6 }
      train: { matrix: { step: [LICENSE, README.md] }, uses: read, files: ["${step}", Package.swift] }
      all: { uses: merge, states: [moments, LICENSE] }
    """

  @Test("A stage of the file is one box, after those it refers to, with every file it reads and writes")
  func boxes() throws {
    let picture = GraphPicture(try graph(Self.chain))
    let axis = [GraphPicture.Axis(name: "step", values: ["LICENSE", "README.md"])]
    #expect(
      picture.boxes == [
        .init(
          name: "train", kind: "read", matrix: axis, reads: ["LICENSE", "Package.swift", "README.md"], writes: [],
          arrows: []),
        .init(
          name: "moments", kind: "accumulate", matrix: axis, reads: [],
          writes: [
            "o/moments.step=LICENSE.timeline.csv", "o/moments.step=LICENSE.h5",
            "o/moments.step=README.md.timeline.csv", "o/moments.step=README.md.h5",
          ], arrows: [.init(option: "from", from: 0)]),
        .init(
          name: "geometry", kind: "measure", matrix: axis, reads: [],
          writes: [
            "o/LICENSE.csv", "o/geometry.step=LICENSE.json", "o/README.md.csv", "o/geometry.step=README.md.json",
          ], arrows: [.init(option: "moments", from: 1)]),
        .init(
          name: "all", kind: "merge", matrix: [], reads: ["LICENSE"], writes: ["o/all.h5"],
          arrows: [.init(option: "states", from: 1)]),
      ])
  }

  @Test("A stage that makes a state in parts has a box for these and one for their merge, and no shards")
  func parts() throws {
    let graph = try graph(
      "  t: { uses: read, files: LICENSE }\n  m: { uses: accumulate, from: t, parts: 3 }\n  g: { uses: measure, moments: m }"
    )
    let boxes = GraphPicture(graph).boxes
    #expect(boxes.map(\.name) == ["t", "m/parts", "m", "g"])
    #expect(boxes.allSatisfy { $0.matrix.isEmpty && $0.repetition.isEmpty })
    #expect(boxes[2].arrows.map(\.from) == [1])
  }

  @Test("As text, a stage is a paragraph that lists its inputs by option")
  func text() throws {
    let graph = try graph("  t: { uses: read, files: \"-\" }\n  m: { uses: accumulate, from: t }", name: "small")
    #expect(
      graph.drawing(.text) == """
        small
        1. t (read)
              reads  -
        2. m (accumulate)
              from    t
              writes  o/m.h5

        """)
  }

  @Test("Of many files, some are drawn and the others counted, for each stage separately")
  func many() throws {
    let values = (1...9).map(String.init).joined(separator: ", ")
    let graph = try graph(
      """
        a: { matrix: { x: [\(values)] }, uses: merge, states: LICENSE }
        b: { uses: measure, moments: a }
      """)
    let text = graph.drawing(.text)
    #expect(text.contains("1. a (merge), for each x of 1, 2, … 6 more …, 9\n"))
    #expect(text.contains("o/a.x=2.h5\n") && text.contains("… 6 more of a …") && !text.contains("o/a.x=3.h5"))
    #expect(graph.drawing(.dot).split(separator: "\n").count { $0.contains("shape=note") } == 1 + 4 + 4)
  }

  @Test("As DOT, quotes, backslashes and line breaks in names are escaped")
  func dot() throws {
    #expect(GraphPicture.quoted("a\"b\\N\nc") == #""a\"b\\N\nc""#)
    let text = try graph(Self.chain, name: "a\"b").drawing(.dot)
    #expect(text.hasPrefix("digraph \"a\\\"b\" {\n"))
    #expect(text.contains("  stage0 [label=\"train\\nread\\nfor each step of LICENSE, README.md\", style=rounded];\n"))
    #expect(text.contains("  stage0 -> stage1 [label=\"from\"];\n") && text.contains("  file0 -> stage0;\n"))
    #expect(text.hasSuffix("}\n"))
  }

  @Test("As Mermaid, markup in names is written as code points")
  func mermaid() throws {
    #expect(GraphPicture.escaped("a\"b`<c>#;é[x]") == "a#34;b#96;#60;c#62;#35;#59;é#91;x#93;")
    let text = try graph(Self.chain).drawing(.mermaid)
    #expect(text.hasPrefix("flowchart LR\n  stage0([\"train<br>read<br>for each step of LICENSE, README.md\"])\n"))
    #expect(text.contains("  stage0 -->|\"from\"| stage1\n") && text.contains("  stage3 --> file"))
  }

  @Test("A file used by two stages is drawn once", arguments: [GraphFormat.dot, .mermaid])
  func shared(format: GraphFormat) throws {
    let text = try graph(Self.chain).drawing(format)
    #expect(text.components(separatedBy: "\"LICENSE\"").count == 2)
  }
}
