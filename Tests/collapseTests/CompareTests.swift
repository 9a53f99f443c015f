import Foundation
import TestSupport
import Testing

/// `compare` on the two halves of real data, against NumPy on the samples themselves.
@Suite("Comparing states")
struct CompareTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func collapse(_ words: String...) throws -> Tool.Result {
    let result = try Tool.run(Places.tool, words, folder: folder.path)
    #expect(result.status == 0, "\(words): \(result.errors)")
    return result
  }

  private func refuse(_ words: String..., status: Int32 = 65, says: String...) throws {
    let result = try Tool.run(Places.tool, words, folder: folder.path)
    #expect(result.status == status && result.output.isEmpty, "\(words): \(result.status) \(result.errors)")
    for says in says { #expect(result.errors.contains(says), "\(words): \(result.errors)") }
  }

  /// States `a.h5` and `b.h5` of the first and the second half of the rows in a folder.
  private func halves(_ data: String, _ half: Int) throws {
    for (name, rows) in [("a", "0-\(half - 1)"), ("b", "\(half)-\(2 * half - 1)")] {
      try collapse("accumulate", "\(data)/train-*.npy.zst", "--rows", rows, "--output", "\(name).h5")
    }
  }

  private func check(_ json: [UInt8], _ truth: [String: Double], tolerance: Double = 1e-10) throws {
    let found = try Golden.numbers(json)
    for (key, value) in truth {
      #expect(Golden.deviation(found[key], value) <= tolerance, "\(key): \(found[key] ?? 0)")
    }
  }

  @Test("The halves of the committed sample, for all classes, frequent ones, and by bands")
  func sample() throws {
    try halves(Places.sample, 10_000)
    let result = try collapse("compare", "a.h5", "b.h5", "--same-basis", "--bands", "3")
    try check(
      result.output,
      [
        "common_classes": 1060, "cka": 0.6582146201151793, "cka_shuffled": 0.014136314327391587,
        "cka_noise_floor": 64.0 / 1124, "procrustes_distance": 0.37554317642292845,
        "mean_cosine.mean": 0.6160687084392941, "mean_cosine.std": 0.29582922369695663,
        "squared_distance.mean": 101.58880019108022, "squared_distance.std": 91.64150414504743,
        "squared_distance_corrected.std": 65.3417374772828, "squared_distance_corrected.noise_only": 528,
        "squared_shift": 0.25439862115673695, "a.noise_share": 0.3847325059897099,
        "b.noise_share": 0.38892573325889523, "a.tokens": 10_000, "b.tokens": 10_000,
      ])
    // The mean is the small difference of numbers near 100.
    try check(result.output, ["squared_distance_corrected.mean": 0.27105139665398487], tolerance: 1e-10 * 375)
    let json = try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any]
    #expect(json?["samples"] as? String == "different")
    let bands = (json?["bands"] as? [[String: Any]] ?? []).compactMap { $0["measures"] as? [String: Any] }
    #expect(bands.map { $0["common_classes"] as? Int } == [353, 353, 354])
    for (band, truth) in zip(bands, [0.5318066980294847, 0.6959382411567723, 0.8583664537511113]) {
      #expect(Golden.deviation(band["cka"] as? Double, truth) <= 1e-10)
    }
    for (band, truth) in zip(bands, [0.4554035523975031, 0.33058615154734494, 0.18318389134793556]) {
      #expect(Golden.deviation(band["procrustes_distance"] as? Double, truth) <= 1e-10)
    }
    #expect((json?["moved_most"] as? [[String: Any]])?.first?["token"] as? Int == 1518)
    #expect(result.errors.contains("compare: A is a.h5, B is b.h5"))
    #expect(result.errors.contains("the states are of different samples; e_A + e_B is subtracted"))
    let frequent = try collapse("compare", "a.h5", "b.h5", "--same-basis", "--min-count", "5", "--threads", "1")
    try check(
      frequent.output,
      [
        "common_classes": 294, "cka": 0.8820935139865841, "procrustes_distance": 0.15343519052771992,
        "mean_cosine.mean": 0.8114928281225287, "squared_distance_corrected.mean": 3.733817084613226,
        "a.noise_share": 0.14302342213420044,
      ])
  }

  @Test("The halves of the shared data", .enabled(if: Places.hasShared, "no shared data here"))
  func shared() throws {
    try halves(Places.shared, 50_000)
    let result = try collapse("compare", "a.h5", "b.h5", "--same-basis")
    try check(
      result.output,
      [
        "common_classes": 1345, "cka": 0.7522206175070888, "cka_shuffled": 0.008708095903826001,
        "procrustes_distance": 0.2819538411208782, "mean_cosine.mean": 0.7051950512531241,
        "squared_distance.mean": 54.7046744057568, "squared_distance_corrected.mean": 20.428093163141604,
        "squared_shift": 2.7753093335159447, "b.noise_share": 0.18458934558453982,
      ])
  }

  @Test("A state and its copy are paired, in one basis, and exactly 0 and 1; files, tables, inspect and report agree")
  func itself() throws {
    try collapse("accumulate", Places.sample + "/train-00.npy.zst", "--output", "a.h5")
    try folder.write("copy.h5", folder.read("a.h5"))
    let tokenizer = Places.sample + "/tokenizer.json"
    let result = try collapse(
      "compare", "a.h5", "copy.h5", "--types", "--tokenizer", tokenizer, "--output", "c.json", "--classes", "c.csv",
      "--format", "table")
    try check(
      folder.read("c.json"),
      [
        "cka": 1, "procrustes_distance": 0, "squared_shift": 0, "mean_cosine.mean": 1, "mean_cosine.std": 0,
        "squared_distance.mean": 0, "squared_distance.std": 0,
      ], tolerance: 0)
    #expect(result.errors.contains("paired: both states are of the same samples"))
    #expect(result.text.contains("procrustes_distance") && result.text.contains("word_start"))
    let table = String(decoding: try folder.read("c.csv"), as: UTF8.self).split(separator: "\n")
    #expect(
      table.first
        == "token,text,type,count_a,count_b,norm_a,norm_b,mean_error_a,mean_error_b,mean_cosine,squared_distance,squared_distance_corrected"
    )
    let cosines = Set(table.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false).suffix(3) })
    #expect(cosines == [["1.0", "0.0", ""]])
    let inspected = try collapse("inspect", "c.json", "--format", "json").text
    #expect(inspected.contains("comparison of two states (JSON)") && inspected.contains("a_moments_checksum"))
    #expect(try collapse("inspect", "c.csv").text.contains("table of token classes"))
  }

  @Test("The report of a comparison has the classes that moved most, and refuses the table of another")
  func report() throws {
    try halves(Places.sample, 5_000)
    let tokenizer = Places.sample + "/tokenizer.json"
    for (json, csv, least) in [("c.json", "c.csv", "1"), ("d.json", "d.h5", "2")] {
      try collapse(
        "compare", "a.h5", "b.h5", "--same-basis", "--bands", "2", "--tokenizer", tokenizer, "--min-count", least,
        "--output", json, "--classes", csv)
      try collapse("report", json, "--classes", csv, "--output", json + ".html")
    }
    let html = String(decoding: try folder.read("c.json.html"), as: UTF8.self)
    for text in ["Classes that moved most", "Linear CKA of class means", "By frequency", "e_A + e_B is subtracted"] {
      #expect(html.contains(text), "\(text)")
    }
    for name in [
      "cka_by_band", "moved_most", "squared_distance_corrected_by_frequency", "mean_cosine", "mean_cosine_by_frequency",
    ] {
      #expect(html.contains("figure-\(name)\""), "\(name)")
    }
    try refuse("report", "c.json", "--classes", "d.h5", "--output", "x.html", says: "that of another comparison")
    try refuse("report", "c.json", "d.json", "--output", "x.html", says: "one comparison of two states")
    try refuse("collect", "c.json", says: "expected measurements")
  }

  @Test("States without a common class, of other dimensions in one basis, or of no state at all are refused by name")
  func wrong() throws {
    for (name, labels, dimension) in [
      ("a", [0, 0, 1], 1), ("b", [2, 2, 3], 1), ("c", [0, 1, 1], 2), ("d", [0, 0, 1], 2),
    ] {
      let features = (0..<3 * dimension).map { Float($0 * $0) }
      try folder.write("\(name).npy", NPY.batch(labels.map { Int32($0) }, features, dimension: dimension))
      try collapse("accumulate", "\(name).npy", "--output", "\(name).h5")
    }
    try refuse(
      "compare", "a.h5", "b.h5", says: "expected a class that both states have",
      "found 2 classes in a.h5, 2 in b.h5, 0 of them in both")
    try refuse("compare", "a.h5", "c.h5", "--min-count", "2", says: "2 of them in both, and none of these is selected")
    try refuse(
      "compare", "a.h5", "c.h5", "--same-basis", says: "c.h5, attribute dimension: expected 1, as in a.h5",
      "leave out same-basis")
    try refuse("compare", "a.h5", "a.npy", says: "a.npy")
    try refuse("compare", "a.h5", "missing.h5", says: "missing.h5")
    try refuse("compare", "a.h5", status: 64, says: "<b>")
    try refuse("compare", "a.h5", "c.h5", "--types", status: 64, says: "types needs tokenizer")
    try refuse("compare", "a.h5", "c.h5", "--bands", "9", says: "2 classes for 9 bands")
    try refuse("compare", "a.h5", "c.h5", "--memory", "1MiB", status: 1, says: "expected at least", "of memory")
    // Other dimensions, and d = 1, are no obstacle to CKA.
    try check(try collapse("compare", "a.h5", "c.h5").output, ["cka": 1, "common_classes": 2], tolerance: 1e-12)
    // The text is the same, the features are not.
    let paired = try collapse("compare", "a.h5", "d.h5")
    #expect(paired.text.contains("\"samples\": \"same\"") && paired.text.contains("\"same_basis\": false"))
  }

  @Test("In a pipeline, each checkpoint is compared with the first, reported, and up to date the second time")
  func pipeline() throws {
    let head = Places.sample + "/model.safetensors#lm_head.weight"
    let pipeline = try folder.write(
      "p.yaml",
      text: """
        parameters: { out: out }
        stages:
          first: { uses: read, files: "\(Places.sample)/train-00.npy.zst", rows: 3000-5999 }
          steps: { matrix: { step: [0, 1] }, uses: read, files: "\(Places.sample)/train-0${step}.npy.zst", rows: 0-2999 }
          base: { uses: accumulate, from: first }
          later: { uses: accumulate, from: steps }
          one: { uses: measure, moments: base, classifier: "\(head)" }
          two: { uses: measure, moments: later, classifier: "\(head)" }
          moved: { uses: compare, moments: base, with: later, measures: [one, two], classes: "${out}/${step}.csv",
                   min-count: 2 }
          page: { uses: report, comparison: moved }
        """)
    try collapse("validate", pipeline)
    #expect(try collapse("graph", pipeline).text.contains("moved"))
    #expect(try collapse("run", pipeline, "--dry-run").text.contains("moved.step=1 (compare)"))
    let first = try collapse("run", pipeline, "--allow-outputs")
    for step in 0...1 {
      let json = String(decoding: try folder.read("out/moved.step=\(step).json"), as: UTF8.self)
      // One output head for both, as the measurements record.
      #expect(json.contains("\"basis_known_by\": \"digests\"") && json.contains("\"nc1_cdnv_mean\": {"))
      #expect(first.errors.contains("wrote out/page.step=\(step).html"))
    }
    let second = try collapse("run", pipeline, "--allow-outputs")
    #expect(second.errors.contains("moved.step=1: up to date") && second.errors.contains("page.step=0: up to date"))
    try refuse(
      "compare", "out/base.h5", "out/later.step=1.h5", "--measures", "out/one.json", "--measures", "out/one.json",
      says: "out/one.json, provenance, moments_checksum", "the checksum of out/later.step=1.h5")
    try refuse(
      "compare", "out/base.h5", "out/later.step=1.h5", "--measures", "out/one.json", says: "the measurements of both")
  }
}
