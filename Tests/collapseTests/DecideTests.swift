import Foundation
import TestSupport
import Testing

/// The choices of the classifier and the nearest mean, from streams to nc4, through the executable.
@Suite("Deciding")
struct DecideTests {
  private static let dimension = 6
  private static let vocabulary = 40
  private let folder: TemporaryFolder
  private let head: String

  /// A state of 25 classes, `m.h5`, and a head of 40 rows, `w.npy`.
  init() throws {
    folder = try TemporaryFolder()
    var generator = SeededGenerator(1)
    head = try folder.write(
      "w.npy",
      NPY.features(
        "<f4", (0..<Self.vocabulary * Self.dimension).map { _ in Float(generator.normal()) },
        dimension: Self.dimension))
    try folder.write("train.npy", Self.stream(rows: 500, classes: 25, seed: 2))
    _ = try Tool.collapse("accumulate", folder.file("train.npy"), "--output", folder.file("m.h5"))
  }

  private static func stream(rows: Int, classes: Int, seed: Int, predicting: ((Int) -> Int32)? = nil) -> [UInt8] {
    var generator = SeededGenerator(seed)
    let labels = (0..<rows).map { _ in Int32.random(in: 0..<Int32(classes), using: &generator) }
    let features = (0..<rows * dimension).map { Float(generator.normal()) + Float(labels[$0 / dimension] % 5) }
    let predictions = predicting.map { NPY.labels((0..<rows).map($0)) } ?? []
    return NPY.labels(labels) + predictions + NPY.features("<f4", features, dimension: dimension)
  }

  private func decide(_ stream: [UInt8], _ name: String, _ options: String...) throws -> Tool.Result {
    let path = try folder.write("unseen.npy", stream)
    return try Tool.run(
      Places.tool,
      ["decide", path, "--moments", folder.file("m.h5"), "--output", folder.file(name)] + options)
  }

  private func nc4(_ name: String) throws -> [String: Double] {
    let result = try Tool.collapse("measure", folder.file("m.h5"), "--decisions", folder.file(name))
    #expect(result.status == 0, "\(result.errors)")
    return try Golden.numbers(result.output).filter { $0.key.hasPrefix("nc4") }
  }

  @Test("One, two and seven threads write the same bytes")
  func threads() throws {
    let stream = Self.stream(rows: 3_000, classes: 30, seed: 3)
    for threads in ["1", "2", "7"] {
      let result = try decide(stream, "\(threads).h5", "--classifier", head, "--threads", threads)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try folder.read("\(threads).h5") == folder.read("1.h5"))
    }
  }

  @Test("Shards decided separately and merged have the counts of the whole")
  func shards() throws {
    let (first, second) = (Self.stream(rows: 400, classes: 30, seed: 4), Self.stream(rows: 300, classes: 30, seed: 5))
    _ = try decide(first + second, "whole.h5", "--classifier", head)
    _ = try decide(first, "a.h5", "--classifier", head)
    _ = try decide(second, "b.h5", "--classifier", head)
    let merged = try Tool.collapse(
      "merge", folder.file("a.h5"), folder.file("b.h5"), "--output", folder.file("merged.h5"))
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(try nc4("merged.h5") == nc4("whole.h5"))
    #expect(try nc4("whole.h5")["nc4.samples"] == 700)
    let inspected = try Golden.numbers(Tool.collapse("inspect", folder.file("merged.h5")).output)
    #expect(inspected["samples"] == 700 && inspected["parts"] == 2)
  }

  @Test("Predictions in the stream replace the classifier")
  func predictions() throws {
    _ = try decide(Self.stream(rows: 100, classes: 30, seed: 6) { _ in 39 }, "p.h5")
    #expect(try nc4("p.h5")["nc4.hits"] == 0)
    let text = try Tool.collapse("inspect", folder.file("p.h5"), "--format", "table").text
    #expect(text.contains("classifier checksum     predictions"), "\(text)")
    let given = try decide(Self.stream(rows: 100, classes: 30, seed: 6) { _ in 39 }, "w.h5", "--classifier", head)
    #expect(given.status == 0)
    #expect(try nc4("w.h5")["nc4.hits"] != 0)
  }

  @Test("A bias that favours one token makes it the model's choice everywhere")
  func bias() throws {
    let bias = (0..<Self.vocabulary).map { Float($0 == 7 ? 1_000 : 0) }
    try folder.write("b.npy", NPY.array("<f4", [Self.vocabulary], NPY.bytes(of: bias)))
    let stream = Self.stream(rows: 200, classes: 25, seed: 7)
    let labels = (try decide(stream, "b.h5", "--classifier", head, "--bias", folder.file("b.npy"))).errors
    let inspected = try Golden.numbers(Tool.collapse("inspect", folder.file("b.h5")).output)
    #expect(inspected["samples"] == 200, "\(labels)")
    #expect(try #require(inspected["pairs_of_choices"]) <= 25)
  }

  @Test("The stages of one pipeline file work without an output folder")
  func pipeline() throws {
    try folder.write("unseen.npy", Self.stream(rows: 300, classes: 30, seed: 8))
    let file = try folder.write(
      "p.yaml",
      text: """
        stages:
          train: { uses: read, files: "\(folder.file("train.npy"))" }
          unseen: { uses: read, files: "\(folder.file("unseen.npy"))" }
          geometry: { uses: measure, moments: moments, decisions: decisions }
          decisions: { uses: decide, from: unseen, moments: moments, classifier: "\(head)" }
          moments: { uses: accumulate, from: train }
        """)
    let result = try Tool.collapse("run", file)
    #expect(result.status == 0, "\(result.errors)")
    _ = try decide(Self.stream(rows: 300, classes: 30, seed: 8), "d.h5", "--classifier", head)
    let numbers = try Golden.numbers(result.output).filter { $0.key.hasPrefix("nc4") }
    #expect(try numbers == nc4("d.h5"))
  }

  @Test(
    "Decisions belong to the moments they were made with: others are refused, and so is a state instead of decisions")
  func otherMoments() throws {
    _ = try decide(Self.stream(rows: 50, classes: 25, seed: 9), "d.h5", "--classifier", head)
    _ = try Tool.collapse("accumulate", folder.file("unseen.npy"), "--output", folder.file("other.h5"))
    for (state, decisions, says) in [
      ("other.h5", "d.h5", "d.h5, attribute moments_checksum: expected"),
      ("m.h5", "other.h5", "other.h5, attribute format: expected “collapse-decisions”"),
      ("d.h5", "d.h5", "d.h5, attribute format: expected “collapse-moments”"),
    ] {
      let result = try Tool.collapse("measure", folder.file(state), "--decisions", folder.file(decisions))
      #expect(result.status == 65)
      #expect(result.errors.contains(says), "\(result.errors)")
    }
    let mixed = try Tool.collapse(
      "merge", folder.file("d.h5"), folder.file("m.h5"), "--output", folder.file("x.h5"))
    #expect(mixed.status == 65 && mixed.errors.contains("m.h5: expected decisions"), "\(mixed.errors)")
  }

  @Test("Inputs that do not match are refused before anything is read, and nothing is left behind")
  func refused() throws {
    let good = Self.stream(rows: 20, classes: 25, seed: 10)
    let narrow = try folder.write("narrow.npy", NPY.features("<f4", [Float](repeating: 1, count: 200), dimension: 5))
    let short = try folder.write("short.npy", NPY.features("<f4", [Float](repeating: 1, count: 60), dimension: 6))
    let nan = try folder.write("nan.npy", NPY.features("<f4", [Float](repeating: .nan, count: 240), dimension: 6))
    let bias = try folder.write("bias.npy", NPY.array("<f4", [3], NPY.bytes(of: [Float](repeating: 0, count: 3))))
    let other = NPY.batch([1, 2], [1, 2, 3, 4], dimension: 2)
    let infinite = NPY.batch([1, 2], (0..<12).map { $0 == 8 ? Float.infinity : 0 }, dimension: 6)
    let before = try folder.names + ["unseen.npy"]
    for (stream, options, status, says) in [
      (good, [], 65, "unseen.npy, row 0: expected a prediction of the model"),
      (good, ["--classifier", narrow], 65, "narrow.npy: expected a classifier with 6 columns"),
      (good, ["--classifier", short], 65, "short.npy: expected a classifier with a row for token 24, found 10 rows"),
      (good, ["--classifier", nan], 65, "nan.npy, token 0: expected a classifier row"),
      (good, ["--classifier", head, "--bias", bias], 65, "bias.npy: expected a bias of 40 numbers"),
      (good, ["--classifier", head, "--bias", head], 65, "expected a vector of floats"),
      (good, ["--classifier", folder.file("none.npy")], 65, "none.npy"),
      (good, ["--bias", bias], 64, "add --classifier model.safetensors#lm_head.weight, the head it belongs to"),
      (good, ["--classifier", head, "--memory", "100MiB"], 1, "give --memory more"),
      (other, ["--classifier", head], 65, "m.h5, attribute dimension: expected 2"),
      (infinite, ["--classifier", head], 65, "unseen.npy, row 1: expected finite features"),
      ([], ["--classifier", head], 65, "no bytes at all"),
    ] as [([UInt8], [String], Int32, String)] {
      let path = try folder.write("unseen.npy", stream)
      let result = try Tool.run(
        Places.tool, ["decide", path, "--moments", folder.file("m.h5"), "--output", folder.file("x.h5")] + options)
      #expect(result.status == status, "\(says)")
      #expect(result.errors.contains(says), "\(says): \(result.errors)")
      #expect(result.errors.contains("→"), "\(says)")
      #expect(try folder.names == before.sorted(), "\(says)")
    }
  }

  @Test("Rows with NaN are left out and counted with --nonfinite skip")
  func skipped() throws {
    let stream = NPY.batch([1, 2], (0..<12).map { $0 == 8 ? Float.nan : 0 }, dimension: 6)
    let result = try decide(stream, "d.h5", "--classifier", head, "--nonfinite", "skip")
    #expect(result.status == 0 && result.errors.contains("1 rows with NaN"), "\(result.errors)")
    #expect(try nc4("d.h5")["nc4.samples"] == 1)
  }

  @Test("If decide takes the stream of its own moments, the pipeline's error says to read it twice")
  func sameStream() throws {
    let file = try folder.write(
      "p.yaml",
      text: """
        stages:
          train: { uses: read, files: "\(folder.file("train.npy"))" }
          moments: { uses: accumulate, from: train }
          decisions: { uses: decide, from: train, moments: moments, classifier: "\(head)" }
        """)
    let result = try Tool.collapse("validate", file)
    #expect(result.status == 65)
    #expect(result.errors.contains("add a second read stage"), "\(result.errors)")
  }
}
