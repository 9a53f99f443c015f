import Foundation
import TestSupport
import Testing

/// Selections, bands, token types and NC5, on the committed sample through the command line.
@Suite("Selections and groups")
struct SelectionTests {
  private let folder: TemporaryFolder
  private let state: String
  /// The state of a fifth of the sample, for tests that compare results with each other.
  private let part: String
  private static let head = Places.sample + "/model.safetensors#lm_head.weight"
  private static let tokenizer = Places.sample + "/tokenizer.json"

  /// Both states, made once for all tests.
  private static let states = Result {
    let folder = try TemporaryFolder()
    for (name, options) in [("m.h5", []), ("part.h5", ["--rows", "0-3999"])] {
      let result = try Tool.run(
        Places.tool,
        ["accumulate", Places.sample + "/train-*.npy.zst", "--within", "pooled", "--output", folder.file(name)]
          + options)
      #expect(result.status == 0, "\(result.errors)")
    }
    return try folder.names.map { ($0, try folder.read($0)) }
  }

  init() throws {
    folder = try TemporaryFolder()
    for (name, bytes) in try Self.states.get() { try folder.write(name, bytes) }
    (state, part) = (folder.file("m.h5"), folder.file("part.h5"))
  }

  private func measure(_ arguments: String..., of chosen: String? = nil) throws -> [String: Any] {
    let result = try Tool.run(Places.tool, ["measure", chosen ?? state, "--classifier", Self.head] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
  }

  /// Columns of a table of classes without quoted fields.
  private func classes(_ name: String) throws -> [[String]] {
    String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func equal(_ group: [String: Any], _ alone: [String: Any]) throws {
    let measures = try #require(group["measures"] as? [String: Any])
    let statistics = alone.filter { !["by_min_count", "provenance"].contains($0.key) }
    #expect(NSDictionary(dictionary: measures) == NSDictionary(dictionary: statistics))
    #expect(measures.count > 20)
  }

  @Test("by_min_count always has the numbers of measuring with that min-count, errors included")
  func minCounts() throws {
    func numbers(_ object: Any?) throws -> [String: Double] {
      try Golden.numbers(Array(JSONSerialization.data(withJSONObject: try #require(object))))
    }
    let thresholds = try #require(try measure()["by_min_count"] as? [[String: Any]])
    #expect(thresholds.map { $0["min_count"] as? Int } == [1, 2, 5, 10, 20, 50])
    for place in [1, 3] {
      let minCount = try #require(thresholds[place]["min_count"] as? Int)
      let alone = try measure("--min-count", "\(minCount)")
      #expect(thresholds[place]["classes"] as? Int == alone["classes"] as? Int)
      let (found, expected) = (try numbers(thresholds[place]["measures"]), try numbers(alone))
      #expect(found.keys.contains("nc1_cdnv.mean") && found.keys.contains("nc3_cosine.mean"))
      #expect(found.keys.contains("standard_errors.nc1_cdnv_ratio_corrected"))
      for (key, number) in found {
        #expect(Golden.deviation(number, try #require(expected[key], "\(key)")) < 1e-12, "\(key)")
      }
    }
  }

  @Test("A band has the same numbers as its tokens selected")
  func bands() throws {
    let measured = try measure("--min-count", "2", "--bands", "5", "--classes", folder.file("c.csv"), of: part)
    let bands = try #require(measured["bands"] as? [[String: Any]])
    #expect(bands.compactMap { $0["band"] as? Int } == [1, 2, 3, 4, 5])
    let ranked = try classes("c.csv").compactMap { row in
      Int(row[1]).flatMap { count in Int(row[0]).map { (count, $0) } }
    }
    .sorted { $0 < $1 }
    for (index, band) in bands.enumerated() {
      let ranks = ranked[index * ranked.count / 5..<(index + 1) * ranked.count / 5]
      #expect(band["classes"] as? Int == ranks.count)
      #expect(band["smallest_count"] as? Int == ranks.first?.0)
      #expect(band["largest_count"] as? Int == ranks.last?.0)
      #expect(band["samples"] as? Int == ranks.reduce(0) { $0 + $1.0 })
      guard index % 2 == 0 else { continue }
      let list = try folder.write("tokens.txt", text: ranks.map { "\($0.1)\n" }.joined())
      try equal(band, measure("--tokens", list, of: part))
    }
  }

  @Test("A type has the same numbers as its tokens selected, and every class has one type")
  func types() throws {
    let measured = try measure(
      "--types", "--tokenizer", Self.tokenizer, "--max-count", "80", "--classes", folder.file("c.csv"), of: part)
    let types = try #require(measured["types"] as? [[String: Any]])
    #expect(types.compactMap { $0["type"] as? String } == ["special", "punctuation", "word_start", "word"])
    #expect(types.compactMap { $0["classes"] as? Int }.reduce(0, +) == measured["classes"] as? Int)
    let rows = try classes("c.csv").filter { $0[1] != "\"" }
    let punctuation = rows.filter { $0[2] == "punctuation" }
    #expect(
      Set(punctuation.map { $0[1] }).isSubset(of: [
        "!", "'", "(", ")", "-", ".", ":", ";", "?", "\\n", "\" \"", "\" (\"",
      ]))
    let tokens = rows.filter { $0[2] == "word" }.map { $0[0] }
    let list = try folder.write("tokens.txt", text: tokens.joined(separator: "\n"))
    try equal(types[3], measure("--tokens", list, of: part))
  }

  @Test("A table of groups has a row per band and type, whose numbers are theirs, and studies take it")
  func collected() throws {
    let file = folder.file("g.json")
    let measured = try Tool.collapse(
      "measure", part, "--min-count", "2", "--bands", "4", "--types", "--tokenizer", Self.tokenizer, "--output", file)
    #expect(measured.status == 0, "\(measured.errors)")
    let table = folder.file("groups.csv")
    let collected = try Tool.collapse("collect", file, file, "--groups", "--output", table)
    #expect(
      collected.status == 0 && collected.errors.contains("change with the scale of features"), "\(collected.errors)")
    let lines = String(decoding: try folder.read("groups.csv"), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(lines[0].prefix(7) == ["name", "band", "type", "smallest_count", "largest_count", "samples", "tokens"])
    #expect(lines.count == 1 + 2 * 8 && lines.allSatisfy { $0.count == lines[0].count })
    func column(_ name: String) throws -> [String] {
      let place = try #require(lines[0].firstIndex(of: name))
      return lines.dropFirst().prefix(8).map { $0[place] }
    }
    #expect(try column("band") == ["1", "2", "3", "4", "", "", "", ""])
    #expect(try column("type").suffix(4) == ["special", "punctuation", "word_start", "word"])
    let selected = try column("selected_samples")
    #expect(
      zip(try column("samples"), selected).allSatisfy { $1.isEmpty || $0 == $1 } && selected.contains { !$0.isEmpty })
    let losses = try folder.write("losses.csv", text: "name,val_loss\ng,2.5\n")
    let study = try Tool.collapse(
      "study", table, "--metadata", losses, "--against", "samples", "--property", "selected_quotient", "--by", "band",
      "--where", "band >= 1", "--format", "table")
    #expect(study.status == 0 && study.text.contains("samples over 8 models"), "\(study.errors)")
    let none = try Tool.collapse("measure", part, "--output", folder.file("none.json"))
    #expect(none.status == 0)
    let refused = try Tool.collapse("collect", folder.file("none.json"), "--groups")
    #expect(refused.status == 65 && refused.errors.contains("expected measurements of bands or types of classes"))
  }

  /// From NumPy: two passes over the float16 features in float64, the singular values of the centred means.
  @Test(
    "The condition number of Σ_B, and the traces of the selected classes",
    arguments: [
      (["--min-count", "2"], 836335825.3622751, 19737, 119.88431562810496, 1.1057454457749116),
      (["--min-count", "3", "--max-count", "7"], 887952898.5338349, 2686, 89.23035934569947, 0.7792659451678753),
      (["--min-count", "60"], 14151.488188296236, 9359, 129.02930477988235, 2.6156008469723546),
      (["--min-count", "80"], 3117.9653353538893, 8556, 129.25010860140247, 2.6880528813846616),
    ])
  func ofSelection(limits: [String], condition: Double, samples: Double, within: Double, quotient: Double) throws {
    let found = try Golden.numbers(Tool.run(Places.tool, ["measure", state] + limits).output)
    #expect(Golden.deviation(found["between_condition"], condition) < 1e-8)
    #expect(found["selected_samples"] == samples)
    #expect(Golden.deviation(found["selected_within_trace"], within) < 1e-12)
    #expect(Golden.deviation(found["selected_quotient"], quotient) < 1e-12)
  }

  @Test("Remarks are logged in five lines, or all of them; results hold all")
  func remarks() throws {
    func lines(_ options: String...) throws -> [Substring] {
      let result = try Tool.run(Places.tool, ["measure", state, "--max-count", "2", "--pairs", "1000"] + options)
      #expect(result.status == 0, "\(result.errors)")
      return result.errors.split(separator: "\n").filter { $0.contains("measure: ") && !$0.contains("took") }
        .map { $0.drop { $0 != " " } }
    }
    let (few, all) = (try lines(), try lines("--remarks", "all"))
    #expect(few.count == 5 && all.count > 5 && few.prefix(4).map(\.description) == all.prefix(4).map(\.description))
    #expect(few.last?.hasSuffix("\(all.count - 4) more remarks: --remarks all shows them") == true, "\(few)")
  }

  @Test("Counts bound the selection from both sides, and N stays that of all samples")
  func counts() throws {
    let measured = try measure("--min-count", "3", "--max-count", "7", "--classes", folder.file("c.csv"))
    let counts = try classes("c.csv").compactMap { Int($0[1]) }
    #expect(counts.allSatisfy { (3...7).contains($0) } && counts.contains(3) && counts.contains(7))
    #expect(measured["classes"] as? Int == counts.count)
    #expect(measured["tokens"] as? Int == 20_000)
    let provenance = try #require(measured["provenance"] as? [String: Any])
    #expect(provenance["min_count"] as? Int == 3 && provenance["max_count"] as? Int == 7)
  }

  @Test("Any number of threads gives the same bytes, for groups too")
  func threads() throws {
    func output(_ threads: String) throws -> [UInt8] {
      try Tool.collapse(
        "measure", part, "--classifier", Self.head, "--bands", "4", "--types", "--tokenizer", Self.tokenizer, "--ood",
        part, "--threads", threads
      ).output
    }
    let one = try output("1")
    #expect(try output("3") == one)
    #expect(one.count > 10_000)
  }

  @Test("Tokens without samples are reported, and change nothing")
  func unseen() throws {
    let some = try folder.write("some.txt", text: "257\n258\n300\n")
    let more = try folder.write("more.txt", text: "# and others\n257\n258\n300\n100000\n200000\n")
    let alone = try Tool.collapse("measure", state, "--tokens", some)
    let result = try Tool.collapse("measure", state, "--tokens", more)
    #expect(result.errors.contains("2 of the 5 tokens listed have no samples"))
    let (found, expected) = (try Golden.numbers(result.output), try Golden.numbers(alone.output))
    #expect(found == expected)
    #expect(found["classes"] == 3)
  }

  @Test("A table for people has one block of bands and one of types")
  func table() throws {
    let text = try Tool.collapse(
      "measure", part, "--bands", "10", "--types", "--tokenizer", Self.tokenizer, "--format", "table"
    ).text
    #expect(text.contains("\n\nband  classes  samples  of a class"))
    #expect(text.contains("\n\ntype "))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 132 })
  }

  @Test("NC5 against the validation stream, in a pipeline file and from a state")
  func outOfDistribution() throws {
    let other = folder.file("v.h5")
    _ = try Tool.collapse("accumulate", Places.sample + "/validation.npy.zst", "--output", other)
    let found = try Golden.numbers(Tool.collapse("measure", state, "--ood", other).output)
    // Two passes in NumPy over the float16 features: float64 means, their cosines, the mean.
    #expect(Golden.deviation(found["nc5_ood_deviation"], 0.45563140259829576) <= 1e-10)
    let pipeline = try folder.write(
      "p.yaml",
      text: """
        stages:
          train: { uses: read, files: "\(Places.sample)/train-*.npy.zst" }
          other: { uses: read, files: "\(Places.sample)/validation.npy.zst" }
          m: { uses: accumulate, from: train, within: pooled }
          v: { uses: accumulate, from: other }
          g: { uses: measure, moments: m, ood: v, bands: 3 }
        """)
    let run = try Tool.collapse("run", pipeline)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try Golden.numbers(run.output)["nc5_ood_deviation"] == found["nc5_ood_deviation"])
  }
}
