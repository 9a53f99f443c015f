import Foundation
import TestSupport
import Testing

/// Standard errors from parts, as a user gets them: from shards in a pipeline, and from files of parts.
@Suite("Errors by jackknife")
struct JackknifeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func writeParts(_ count: Int) throws {
    for part in 0..<count {
      var generator = SeededGenerator(part)
      var labels = (0..<120 + 10 * part).map { _ in Int32.random(in: 0..<12, using: &generator) }
      // Class 20 is in one part only.
      if part == 2 { labels.replaceSubrange(0..<2, with: [20, 20]) }
      var features: [Float] = []
      for label in labels {
        for feature: Int32 in 0..<3 {
          let mean = Float((label * 5 + feature * 3) % 7)
          features.append(mean + Float(generator.normal()))
        }
      }
      try folder.write("p-\(part).npy", NPY.batch(labels, features, dimension: 3))
    }
    try folder.write("w.npy", NPY.features("<f4", (0..<63).map { Float($0 % 5) }, dimension: 3))
  }

  private func pipeline(_ shards: String, _ options: String, decisions: String? = nil) throws -> String {
    try folder.write(
      "p.yaml",
      text: """
        parameters: { out: "\(folder.file("out"))" }
        stages:
          corpus: { uses: read, files: "\(folder.path)/p-*.npy" }
          unseen: { uses: read, files: "\(folder.path)/p-*.npy" }
          moments: { uses: accumulate, from: corpus, within: pooled, \(shards) }
          decisions: { uses: decide, from: unseen, moments: moments, classifier: "\(folder.file("w.npy"))", \(decisions ?? shards) }
          geometry: { uses: measure, moments: moments, decisions: decisions, bands: 2, \(options) }
        """)
  }

  private func run(_ words: [String]) throws -> Tool.Result { try Tool.run(Places.tool, words, folder: folder.path) }

  private func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test("A stage takes the shards of its moments and decisions apart, and gives what measure gives for their files")
  func shards() throws {
    try writeParts(8)
    let made = try run(["run", pipeline("shard-files: 1", "errors: jackknife, prefixes: 4"), "--format", "json"])
    #expect(made.status == 0, "\(made.errors)")
    let again = try run([
      "measure", "out/moments/*.h5", "--decisions", "out/decisions/*.h5", "--bands", "2", "--errors", "jackknife",
      "--prefixes", "4", "--threads", "2", "--output", "again.json",
    ])
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.errors.contains("errors by jackknife over 8 parts of 120 to 190 samples; 1 of the classes"))
    #expect(try folder.read("again.json") == folder.read("out/geometry.json"))
    let json = try object(folder.read("again.json"))
    let errors = try #require(json["standard_errors"] as? [String: Any])
    #expect((errors["nc2_norm"] as? [String: Double])?.keys.sorted() == ["cv", "mean", "std"])
    #expect((errors["nc4"] as? [String: Double])?["agreement"] != nil && errors["nc2_max_coherence"] == nil)
    #expect((json["jackknife_bias"] as? [String: Any])?.keys.sorted() == errors.keys.sorted())
    let parts = try #require(json["jackknife"] as? [[String: Int]])
    #expect(parts.map { $0["samples"] } == (0..<8).map { 120 + 10 * $0 })
    #expect(parts.map { $0["classes_alone"] } == [0, 0, 1, 0, 0, 0, 0, 0])
    let bands = try #require(json["bands"] as? [[String: Any]])
    #expect(bands.allSatisfy { ($0["measures"] as? [String: Any])?["jackknife_bias"] != nil })
    let prefixes = try #require(json["prefixes"] as? [[String: Any]])
    #expect(prefixes.map { $0["parts"] as? Int } == [2, 4, 6, 8])
    #expect(prefixes.map { $0["samples"] as? Int } == [250, 540, 870, 1_240])
    #expect((json["enough_samples"] as? [[String: Any]])?.isEmpty == false)
    #expect((json["provenance"] as? [String: Any])?["errors"] as? String == "jackknife")
  }

  @Test("The spectrum of the whole head does not depend on the samples: its errors are 0, not unknown")
  func wholeHead() throws {
    try writeParts(8)
    #expect(
      try run([
        "run", pipeline("shard-files: 1", "errors: jackknife, spectra: true, classifier: \"\(folder.file("w.npy"))\""),
      ])
      .status == 0)
    let json = try object(folder.read("out/geometry.json"))
    let errors = try #require(json["standard_errors"] as? [String: Any])
    #expect(errors["head_all_stable_rank"] as? Double == 0 && errors["head_all_effective_rank"] as? Double == 0)
    #expect(errors["head_stable_rank"] as? Double ?? 0 > 0)
    let gaps = json["no_standard_error"] as? [[String: Any]] ?? []
    #expect(!gaps.contains { ($0["ids"] as? [String])?.contains { $0.hasPrefix("head_all") } == true })
  }

  /// The published formulas, with pseudo-values, for the parts of ``writeParts(_:)``.
  private func jackknife(_ whole: Double, _ values: [Double]) -> (error: Double, bias: Double) {
    let n = 1_240.0
    var (corrected, variance) = (8 * whole, 0.0)
    for (part, value) in values.enumerated() {
      let size = Double(120 + 10 * part)
      corrected -= (1 - size / n) * value
    }
    for (part, value) in values.enumerated() {
      let h = n / Double(120 + 10 * part)
      let pseudo = h * whole - (h - 1) * value
      variance += (pseudo - corrected) * (pseudo - corrected) / (h - 1) / 8
    }
    return (variance.squareRoot(), whole - corrected)
  }

  @Test("Errors and biases are those of the formula, over what merge and measure give for the other parts")
  func byHand() throws {
    try writeParts(8)
    #expect(try run(["run", pipeline("shard-files: 1", "errors: jackknife"), "--format", "json"]).status == 0)
    let whole = try object(folder.read("out/geometry.json"))
    var others: [[String: Any]] = []
    for left in 0..<8 {
      let names = (0..<8).filter { $0 != left }.map { "out/moments/p-\($0).h5" }
      let merged = try run(["merge"] + names + ["--output", "others.h5"])
      #expect(merged.status == 0, "\(merged.errors)")
      others.append(try object(Array(run(["measure", "others.h5"]).output)))
    }
    func number(_ json: [String: Any], _ id: String, _ part: String) -> Double? {
      (json[id] as? Double) ?? (json[id] as? [String: Double])?[part]
    }
    let errors = try #require(whole["standard_errors"] as? [String: Any])
    let biases = try #require(whole["jackknife_bias"] as? [String: Any])
    var compared = 0
    for (id, known) in errors where id != "nc4" {
      for part in (known as? [String: Any])?.keys.map(\.self) ?? ["value"] {
        let value = try #require(number(whole, id, part))
        let values = try others.map { try #require(number($0, id, part), "\(id) \(part)") }
        let expected = jackknife(value, values)
        let (error, bias) = (try #require(number(errors, id, part)), try #require(number(biases, id, part)))
        let scale = max(abs(value), error)
        #expect(abs(error - expected.error) <= 1e-12 * scale, "\(id) \(part)")
        #expect(abs(bias - expected.bias) <= 1e-12 * scale, "\(id) \(part)")
        compared += 1
      }
    }
    #expect(compared > 25)
  }

  @Test("One state, too few parts, or parts without errors are refused before anything runs, with what to do")
  func refused() throws {
    try writeParts(7)
    for (shards, options, problem) in [
      ("threads: 1", "errors: jackknife", "expected at least 8 parts with samples for errors by jackknife, found 1"),
      (
        "shard-files: 1", "errors: jackknife", "expected at least 8 parts with samples for errors by jackknife, found 7"
      ),
      ("shard-files: 1", "prefixes: 2", "prefixes needs errors"),
    ] {
      let result = try run(["run", pipeline(shards, options)])
      #expect(result.status == 65 && result.errors.contains(problem), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    }
    // Enough parts are accepted, though the stage that makes them is one.
    let parts = try run(["validate", pipeline("parts: 8", "errors: jackknife", decisions: "threads: 1")])
    #expect(parts.status == 0, "\(parts.errors)")
    let state = try run(["accumulate", "p-0.npy", "--output", "m.h5"])
    #expect(state.status == 0)
    let several = try run(["measure", "m.h5", "m.h5"])
    #expect(several.status == 64 && several.errors.contains("expected one state, found 2"), "\(several.errors)")
    #expect(several.errors.contains("measure the parts of one state with --errors jackknife, or merge them first"))
  }

  @Test("SIGTERM ends the measuring of parts with exit 75, and leaves nothing")
  func interrupted() throws {
    let labels = (0..<4_000).map { Int32($0 % 2_000) }
    var generator = SeededGenerator(1)
    let features = labels.flatMap { _ in (0..<24).map { _ in Float(generator.normal()) } }
    try folder.write("a.npy", NPY.batch(labels, features, dimension: 24))
    #expect(try run(["accumulate", "a.npy", "--output", "m.h5"]).status == 0)
    for part in 0..<8 { try folder.write("part-\(part).h5", folder.read("m.h5")) }
    let before = try folder.names
    let process = try Tool.spawn(
      Places.tool, ["measure", folder.file("part-*.h5"), "--errors", "jackknife", "--output", folder.file("g.json")],
      input: "/dev/null", output: folder.file("out"), errors: folder.file("err"))
    // Without a Swift task, which may have to wait for other tests.
    for _ in 0..<6_000
    where try !String(decoding: folder.read("err"), as: UTF8.self).contains("errors by jackknife over 8 parts") {
      usleep(10_000)
    }
    kill(process, SIGTERM)
    var status = Int32(0)
    #expect(waitpid(process, &status, 0) == process)
    #expect((status >> 8) & 0xFF == 75)
    #expect(try folder.names == (before + ["err", "out"]).sorted())
  }
}
