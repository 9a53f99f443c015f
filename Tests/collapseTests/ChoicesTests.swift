import Foundation
import TestSupport
import Testing

/// Promise: no silent guess. What was chosen for the user is said once, in every verb.
@Suite("What is chosen for the user")
struct ChoicesTests {
  private let folder: TemporaryFolder
  private let count = 60

  init() throws { folder = try TemporaryFolder() }

  private var tokens: [Int64] { (0..<count).map { Int64($0 * 7 % 11) } }
  private var features: [Float] { (0..<3 * count).map { Float($0 * $0 % 17) - 8 } }

  private func run(
    _ arguments: [String], status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Tool.Result {
    let result = try Tool.run(Places.tool, arguments)
    #expect(result.status == status, "\(arguments): \(result.errors)", sourceLocation: sourceLocation)
    return result
  }

  /// Integers and features in one file.
  private func tensors(_ name: String, _ shape: [Int]? = nil) throws -> String {
    try folder.write(
      "\(name).safetensors",
      Safetensors.file([
        (name, "I64", [count], NPY.bytes(of: tokens)),
        ("hidden_states", "F32", [count, 3], NPY.bytes(of: features)),
      ]))
  }

  private func model(_ name: String, _ tensors: [(name: String, numbers: [Float])]) throws -> String {
    try folder.write(
      name, Safetensors.file(tensors.map { ($0.name, "F32", [$0.numbers.count / 3, 3], NPY.bytes(of: $0.numbers)) }))
  }

  private func state(_ input: [String], _ name: String = "m.h5") throws -> [UInt8] {
    _ = try run(["accumulate"] + input + ["--within", "pooled", "--output", folder.file(name)])
    return try folder.read(name)
  }

  @Test("Tokens beside features in one file give the bytes of the same tokens in their own file")
  func tokensBeside() throws {
    let ids = try folder.write("t.npy", NPY.integers(tokens))
    let rows = try folder.write("x.npy", NPY.features("<f4", features, dimension: 3))
    let expected = try state([rows, "--tokens", ids, "--sequence-length", "\(count)"])
    let labelled = try state([tensors("labels")])
    #expect(labelled != expected)
    for name in ["input_ids", "token_ids", "tokens", "token", "token_id"] {
      #expect(try state([tensors(name)]) == expected, "\(name)")
      #expect(try state([tensors(name), "--labels", name]) == labelled, "\(name)")
    }
    for name in ["y", "label", "target", "targets", "next_token"] {
      #expect(try state([tensors(name)]) == labelled, "\(name)")
    }
    let file = try tensors("axis1")
    let asked = try run(["accumulate", file, "--output", folder.file("x.h5")], status: 65)
    #expect(asked.errors.contains("is axis1 the label of each row, or the token at each position?"), "\(asked.errors)")
    #expect(try state([file, "--tokens", file + "#axis1", "--sequence-length", "\(count)"]) == expected)
    #expect(try state([file, "--labels", "axis1"]) == labelled)
  }

  @Test("Every verb that reads a stream says what it reads and what labels are, once")
  func streams() throws {
    let labels = "labels: labels [N] int64, features: hidden_states [N × 3] float32, labels are next tokens"
    let tokens =
      "tokens: input_ids [T] int64, features: hidden_states [T × 3] float32, "
      + "the label of a position is the next token, the array is one sequence"
    let head = try folder.write("w.npy", NPY.features("<f4", Array(features[..<36]), dimension: 3))
    for (name, words) in [("labels", labels), ("input_ids", tokens)] {
      let file = try tensors(name)
      let state = folder.file("m.h5")
      let verbs = [
        ["accumulate", file, "--output", state],
        ["decide", file, "--moments", state, "--classifier", head, "--output", folder.file("d.h5")],
        ["write", file, "--output", folder.file("w.npy.zst")], ["count", file],
      ]
      for arguments in verbs {
        let errors = try run(arguments).errors
        #expect(errors.components(separatedBy: words).count == 2, "\(arguments[0]): \(errors)")
      }
      #expect(try run(["inspect", file, "--format", "json"]).text.contains(words))
      let pipeline = try folder.write(
        "p.yaml",
        text: """
          name: p
          parameters: { out: \(folder.file("out-" + name)) }
          stages:
            train: { uses: read, files: "\(file)" }
            moments: { uses: accumulate, from: train }
            counts: { uses: count, from: train }
          """)
      let errors = try run(["run", pipeline]).errors
      #expect(errors.components(separatedBy: "train: " + words).count == 2, "\(errors)")
      #expect(try run(["run", pipeline, "--dry-run", "--restart"]).text.contains(words))
    }
  }

  @Test("The classifier is said once: its tensor, and what it is; the input embedding never stands in for a head")
  func classifiers() throws {
    let (head, embedding) = (Array(features[..<36]), Array(features[60..<96]))
    let inner = "language_model.lm_head.weight"
    let vision = try model(
      "vlm.safetensors", [(inner, head), ("language_model.model.embed_tokens.weight", embedding)])
    _ = try state([tensors("labels")])
    func measure(_ classifier: String, _ more: String..., status: Int32 = 0) throws -> Tool.Result {
      try run(["measure", folder.file("m.h5"), "--classifier", classifier, "--format", "json"] + more, status: status)
    }
    func cosine(_ result: Tool.Result) throws -> Double {
      try #require(try Golden.numbers(result.output)["nc3_cosine.mean"])
    }
    let expected = try cosine(measure(folder.write("w.npy", NPY.features("<f4", head, dimension: 3))))
    let found = try measure(vision)
    #expect(try cosine(found) == expected)
    let words = "classifier: \(vision)#\(inner) [12 × 3] float32, the output head"
    #expect(found.errors.components(separatedBy: words).count == 2, "\(found.errors)")
    let decided = try run([
      "decide", tensors("labels"), "--moments", folder.file("m.h5"), "--classifier", vision, "--output",
      folder.file("d.h5"),
    ])
    #expect(decided.errors.components(separatedBy: words).count == 2, "\(decided.errors)")
    #expect(try run(["inspect", vision]).text.contains("\(inner), the output head"))
    let shard = try model("model-00001-of-00002.safetensors", [("model.embed_tokens.weight", embedding)])
    #expect(try measure(shard, status: 65).errors.contains("one shard of several"))
    let tied = try model("tied.safetensors", [("model.embed_tokens.weight", embedding)])
    #expect(try measure(tied).errors.contains("the input embedding: the file holds no output head"))
    try folder.write("config.json", text: "{\"text_config\": {\"tie_word_embeddings\": false}}")
    #expect(try measure(tied, status: 65).errors.contains("tie_word_embeddings"))
    #expect(try measure(tied + "#model.embed_tokens.weight").errors.contains("the input embedding, by its name"))
  }

  @Test("A classifier stored d × V gives the same measurements and decisions, in either order; d × d is asked about")
  func transposed() throws {
    let head = Array(features[..<36])
    let turned = (0..<3).flatMap { column in (0..<12).map { head[3 * $0 + column] } }
    let file = try tensors("labels")
    _ = try state([file])
    func results(_ classifier: String, _ more: String...) throws -> (text: [UInt8], decisions: [UInt8]) {
      let arguments = ["--classifier", classifier] + more
      let measured = try run(["measure", folder.file("m.h5"), "--format", "json"] + arguments)
      _ = try run(["decide", file, "--moments", folder.file("m.h5"), "--output", folder.file("d.h5")] + arguments)
      return (measured.output, try folder.read("d.h5"))
    }
    let expected = try results(folder.write("w.npy", NPY.features("<f4", head, dimension: 3)))
    for other in [
      try folder.write("a.npy", NPY.array("<f4", [3, 12], NPY.bytes(of: turned))),
      try folder.write("b.npy", NPY.array("<f4", [12, 3], NPY.bytes(of: turned), isColumnMajor: true)),
      try folder.write("c.npy", NPY.array("<f4", [3, 12], NPY.bytes(of: head), isColumnMajor: true)),
    ] {
      let found = try results(other)
      #expect(found.text == expected.text && found.decisions == expected.decisions, "\(other)")
    }
    #expect(try run(["inspect", folder.file("b.npy"), "--format", "json"]).text.contains("\"columns\": 3"))
    let square = try folder.write("s.npy", NPY.features("<f4", Array(head[..<9]), dimension: 3))
    for verb in [
      ["measure", folder.file("m.h5")],
      ["decide", file, "--moments", folder.file("m.h5"), "--output", folder.file("d.h5")],
    ] {
      let refused = try run(verb + ["--classifier", square], status: 65)
      #expect(refused.errors.contains("--classifier-rows tokens"), "\(refused.errors)")
    }
    let usage = try run(["measure", folder.file("m.h5"), "--classifier-rows", "tokens"], status: 64)
    #expect(usage.errors.contains("expected a classifier"), "\(usage.errors)")
  }
}
