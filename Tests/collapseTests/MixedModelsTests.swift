import Foundation
import TestSupport
import Testing

/// Measurements, decisions and states of different models are never combined in silence.
@Suite("Models are not mixed")
struct MixedModelsTests {
  private static let dimension = 4
  private static let vocabulary = 12
  private let folder: TemporaryFolder

  /// A state `m.h5`, heads `a.npy` and `b.npy`, decisions `da.h5` and `db.h5` by each, and `bias.h5` by `a.npy` and a
  /// bias. Weights are eighths, which bfloat16 holds.
  init() throws {
    folder = try TemporaryFolder()
    for (name, seed) in [("a", 1), ("b", 2)] {
      try folder.write("\(name).npy", NPY.features("<f4", Self.weights(seed), dimension: Self.dimension))
    }
    let bias = (0..<Self.vocabulary).map { Float($0) }
    try folder.write("bias.npy", NPY.array("<f4", [Self.vocabulary], NPY.bytes(of: bias)))
    for (name, seed) in [("train.npy", 3), ("unseen.npy", 4)] { try folder.write(name, Self.stream(seed)) }
    try collapse("accumulate", "train.npy", "--output", "m.h5")
    for name in ["a", "b"] { try decide("--classifier", "\(name).npy", "--output", "d\(name).h5") }
    try decide("--classifier", "a.npy", "--bias", "bias.npy", "--output", "bias.h5")
  }

  private static func weights(_ seed: Int) -> [Float] {
    var generator = SeededGenerator(seed)
    return (0..<vocabulary * dimension).map { _ in Float(Int.random(in: -100...100, using: &generator)) / 8 }
  }

  private static func stream(_ seed: Int) -> [UInt8] {
    var generator = SeededGenerator(seed)
    let labels = (0..<200).map { _ in Int32.random(in: 0..<9, using: &generator) }
    return NPY.batch(labels, (0..<200 * dimension).map { _ in Float(generator.normal()) }, dimension: dimension)
  }

  private func run(_ words: [String]) throws -> Tool.Result { try Tool.run(Places.tool, words, folder: folder.path) }

  @discardableResult
  private func collapse(_ words: String...) throws -> Tool.Result {
    let result = try run(words)
    #expect(result.status == 0, "\(words): \(result.errors)")
    return result
  }

  private func decide(_ words: String...) throws {
    let result = try run(["decide", "unseen.npy", "--moments", "m.h5"] + words)
    #expect(result.status == 0, "\(result.errors)")
  }

  private func refuse(_ words: String..., says: String...) throws {
    let result = try run(words)
    #expect(result.status == 65, "\(words)")
    for says in says { #expect(result.errors.contains(says), "\(words): \(result.errors)") }
  }

  private func provenance(_ name: String) throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(folder.read(name))) as? [String: Any]
    return try #require(json?["provenance"] as? [String: Any])
  }

  @Test("Decisions among the seen rows of a head say so, everywhere, and are not merged with those among all")
  func headRows() throws {
    try decide("--classifier", "a.npy", "--head-rows", "seen", "--output", "seen.h5")
    try decide("--classifier", "a.npy", "--head-rows", "all", "--output", "all.h5")
    #expect(try folder.read("all.h5") == folder.read("da.h5"))
    try refuse("merge", "da.h5", "seen.h5", "--output", "x.h5", says: "seen.h5, attribute head_rows", "same rows")
    try collapse("merge", "seen.h5", "--output", "merged.h5")
    for name in ["seen.h5", "merged.h5"] {
      #expect(try collapse("inspect", name).text.contains("\"head_rows\": \"seen\""))
      try collapse("measure", "m.h5", "--classifier", "a.npy", "--decisions", name, "--output", "seen.json")
      #expect(try provenance("seen.json")["decisions_head_rows"] as? String == "seen")
    }
    try collapse("measure", "m.h5", "--classifier", "a.npy", "--decisions", "da.h5", "--output", "all.json")
    #expect(try provenance("all.json")["decisions_head_rows"] == nil)
    let (seen, all) = (try Golden.numbers(folder.read("seen.json")), try Golden.numbers(folder.read("all.json")))
    // Rows 9, 10 and 11 belong to no class.
    #expect(try #require(seen["nc4.hits"]) > (try #require(all["nc4.hits"])))
    let missing = try run(["decide", "unseen.npy", "--moments", "m.h5", "--head-rows", "seen", "--output", "x.h5"])
    #expect(missing.status == 64 && missing.errors.contains("expected a classifier with the head-rows"))
  }

  @Test("Decisions by another classifier than the one measured are refused; with a bias, the head alone counts")
  func otherHead() throws {
    try refuse(
      "measure", "m.h5", "--classifier", "b.npy", "--decisions", "da.h5",
      says: "da.h5, attribute head_digest: expected", "the digest of b.npy", "decide again with this classifier")
    try collapse("measure", "m.h5", "--classifier", "a.npy", "--decisions", "da.h5", "--output", "a.json")
    try collapse("measure", "m.h5", "--classifier", "a.npy", "--decisions", "bias.h5", "--output", "bias.json")
    let (a, bias) = (try provenance("a.json"), try provenance("bias.json"))
    #expect(a["head_digest"] as? String == a["decisions_head_digest"] as? String)
    #expect(a["head_digest"] as? String == bias["head_digest"] as? String)
    #expect(a["decisions_checksum"] as? String != bias["decisions_checksum"] as? String)
  }

  @Test("A copy of the head with the same numbers has its digest, in any type and format, and for any selected classes")
  func copies() throws {
    let weights = Self.weights(1)
    let shape = [Self.vocabulary, Self.dimension]
    let halves = weights.map { UInt16($0.bitPattern >> 16) }
    try folder.write("bf16.safetensors", Safetensors.file([("lm_head.weight", "BF16", shape, NPY.bytes(of: halves))]))
    try folder.write("f64.npy", NPY.features("<f8", weights.map(Double.init), dimension: Self.dimension))
    try folder.write("f16.npy", NPY.features("<f2", weights.map { Float16($0) }, dimension: Self.dimension))
    var digests: Set<String> = []
    for head in ["a.npy", "bf16.safetensors#lm_head.weight", "f64.npy", "f16.npy"] {
      for options in [[], ["--min-count", "25"]] {
        let words = ["measure", "m.h5", "--classifier", head, "--decisions", "da.h5", "--output", "m.json"] + options
        let result = try run(words)
        #expect(result.status == 0, "\(result.errors)")
        digests.insert(try #require(try provenance("m.json")["head_digest"] as? String))
      }
    }
    #expect(digests.count == 1)
    let inspected = try JSONSerialization.jsonObject(with: Data(collapse("inspect", "da.h5").output)) as? [String: Any]
    #expect(inspected?["head_digest"] as? String == digests.first)
  }

  @Test("Decisions from predictions of the stream are measured beside any head, and the log says so")
  func predictions() throws {
    let stream =
      NPY.labels([1, 2]) + NPY.labels([1, 1]) + NPY.features("<f4", [1, 2, 3, 4, 5, 6, 7, 8] as [Float], dimension: 4)
    try folder.write("unseen.npy", stream)
    try decide("--output", "p.h5")
    let result = try collapse("measure", "m.h5", "--classifier", "b.npy", "--decisions", "p.h5", "--output", "p.json")
    #expect(result.errors.contains("NC4 is of the predictions in the stream"), "\(result.errors)")
    #expect(try provenance("p.json")["decisions_head_digest"] as? String == "predictions")
  }

  @Test("Tables and studies take models as rows, and refuse to join one row from two")
  func rows() throws {
    try collapse("measure", "m.h5", "--classifier", "a.npy", "--decisions", "da.h5", "--output", "a.json")
    try collapse("measure", "m.h5", "--classifier", "b.npy", "--decisions", "db.h5", "--output", "b.json")
    let table = try collapse("collect", "a.json", "b.json", "--output", "t.csv").errors
    #expect(!table.contains("warning"), "\(table)")
    let lines = String(decoding: try folder.read("t.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasSuffix("moments_checksum,head_digest,decisions_head_digest"))
    // The same model under another name, with another head.
    let other = lines[2].replacing("b.json", with: "a.json")
    try folder.write("other.csv", text: "\(lines[0])\n\(other)\n".replacing("nc3_", with: "other_"))
    let columns = lines[0].split(separator: ",")
    let kept = ["name", "moments_checksum", "head_digest"].compactMap { name in columns.firstIndex { $0 == name } }
    func cut(_ line: Substring) -> String {
      kept.map { String(line.split(separator: ",", omittingEmptySubsequences: false)[$0]) }.joined(separator: ",")
    }
    try folder.write("head.csv", text: cut(lines[0]) + "\n" + cut(other[...]) + "\n")
    try refuse(
      "study", "t.csv", "--metadata", "head.csv", "--against", "nc1_quotient", "--property", "tokens",
      says: "in column “head_digest”", "join measurements of one model and state")
    // A row without a head takes the other's, which the decisions contradict.
    let bare = "\(lines[0])\n\(lines[1])\n".replacing(
      try #require(try provenance("a.json")["head_digest"] as? String) + ",", with: ",")
    try folder.write("bare.csv", text: bare)
    try refuse(
      "study", "bare.csv", "--metadata", "head.csv", "--against", "nc1_quotient", "--property", "tokens",
      says: "the output head of NC3", "decide and measure with the same classifier")
  }

  @Test("Measurements of two heads are refused, and those that record none give a warning, wherever they are taken")
  func edited() throws {
    try collapse("measure", "m.h5", "--classifier", "a.npy", "--decisions", "da.h5", "--output", "a.json")
    let text = String(decoding: try folder.read("a.json"), as: UTF8.self)
    let head = try #require(try provenance("a.json")["head_digest"] as? String)
    try folder.write(
      "mixed.json", text: text.replacing("\"head_digest\": \"\(head)\"", with: "\"head_digest\": \"00\""))
    try folder.write("old.json", text: text.replacing("\"decisions_head_digest\"", with: "\"x\""))
    let verbs = [
      ["collect"], ["report", "--output", "r.html"], ["study", "--against", "tokens", "--property", "classes"],
    ]
    for words in verbs {
      let refused = try run([words[0], "mixed.json"] + words.dropFirst())
      #expect(refused.status == 65 && refused.errors.contains("mixed.json, decisions_head_digest"), "\(refused.errors)")
      let warned = try run([words[0], "old.json"] + words.dropFirst())
      #expect(
        warned.errors.contains("warning") && warned.errors.contains("does not record the output head"),
        "\(warned.errors)")
    }
  }

  @Test("A report refuses the tables of other measurements, also with as many classes")
  func tables() throws {
    for name in ["a", "b"] {
      try collapse(
        "measure", "m.h5", "--classifier", "\(name).npy", "--output", "\(name).json", "--classes", "\(name).csv",
        "--histograms", "\(name).histograms.csv")
    }
    try collapse("report", "a.json", "--classes", "a.csv", "--histograms", "a.histograms.csv", "--output", "a.html")
    try refuse(
      "report", "a.json", "--classes", "b.csv", "--output", "r.html", says: "b.csv: expected", "same run of measure")
    try collapse("accumulate", "unseen.npy", "--output", "other.h5")
    try collapse("measure", "other.h5", "--output", "o.json", "--histograms", "o.csv")
    try refuse(
      "report", "a.json", "--histograms", "o.csv", "--output", "r.html", says: "o.csv: expected the histograms")
  }

  @Test("A state or decisions given twice are merged with a warning; decisions by different heads are refused")
  func twice() throws {
    for name in ["m.h5", "da.h5"] {
      let result = try collapse("merge", name, name, "--output", "x.h5")
      #expect(result.errors.contains("warning: merge: \(name) is given twice, so they count twice"), "\(result.errors)")
    }
    try refuse("merge", "da.h5", "db.h5", "--output", "x.h5", says: "db.h5, attribute classifier_checksum")
  }
}
