import Foundation
import TestSupport
import Testing

/// `measure --spectra`, the readings of other authors, and the head's statistics, against NumPy: `eigvalsh` of covariance
/// matrices of all features in memory, and loops over pairs.
@Suite("Spectra and readings of real data")
struct SpectraTests {
  private struct Truth {
    let values: [String: Double]
    let eigenvalues: [String: [Double]]

    init(_ name: String) throws {
      let file = URL(fileURLWithPath: Places.root.path + "/Tests/collapseTests/Fixtures/spectra.json")
      let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: [String: Any]]
      values = try #require(json?[name]?["values"] as? [String: Double])
      eigenvalues = try #require(json?[name]?["eigenvalues"] as? [String: [Double]])
    }
  }

  /// Accumulates, decides and measures the data in a folder in all readings, and compares.
  private func compare(_ data: String, _ name: String) throws {
    let (truth, folder) = (try Truth(name), try TemporaryFolder())
    func collapse(_ words: [String]) throws -> [UInt8] {
      let result = try Tool.run(Places.tool, words, folder: folder.path)
      #expect(result.status == 0, "\(words): \(result.errors)")
      return result.output
    }
    let head = ["--classifier", data + "/model.safetensors#lm_head.weight"]
    _ = try collapse(["accumulate", data + "/train-*.npy.zst", "--within", "pooled", "--output", "m.h5"])
    _ = try collapse(["accumulate", data + "/validation.npy.zst", "--output", "o.h5"])
    _ = try collapse(
      ["decide", data + "/validation.npy.zst", "--moments", "m.h5", "--head-rows", "seen", "--output", "d.h5"] + head)
    let plain = try Golden.numbers(
      collapse(
        ["measure", "m.h5", "--spectra", "--riesz", "--eigenvalues", "e.csv", "--ood", "o.h5", "--decisions", "d.h5"]
          + head))
    let other = try Golden.numbers(
      collapse(
        ["measure", "m.h5", "--riesz", "--gnc2-means", "uncentred", "--centre-head", "--ood", "o.h5", "--ood-mean"]
          + ["unweighted"] + head))
    for (key, value) in truth.values {
      let found =
        switch key {
        case "nc4.all_hits", "nc4.seen_correct": value
        case "nc4.seen_hits": plain["nc4.hits"]
        case "nc5.weighted": plain["nc5_ood_deviation"]
        case "nc5.unweighted": other["nc5_ood_deviation"]
        case let key where key.hasPrefix("uncentred_"): other[String(key.dropFirst("uncentred_".count))]
        case let key where key.hasPrefix("centred_"): other[String(key.dropFirst("centred_".count))]
        default: plain[key]
        }
      // Features behind a layer norm have a last eigenvalue that is next to rounding, in NumPy and here. RankMe takes its
      // root, and alpha its logarithm.
      let tolerance =
        ["rankme", "lidar"].contains(key) || key.hasSuffix("alpha") ? 1e-6 : key.hasSuffix(".std") ? 1e-9 : 1e-10
      #expect(Golden.deviation(found, value) <= tolerance, "\(key): \(found ?? .nan), not \(value)")
    }
    try compare(folder.read("e.csv"), with: truth)
  }

  private func compare(_ csv: [UInt8], with truth: Truth) throws {
    let rows = String(decoding: csv, as: UTF8.self).split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows.first?.joined(separator: ",") == "matrix,index,eigenvalue,share,cumulative")
    #expect(rows.count == 1 + truth.eigenvalues.values.map(\.count).reduce(0, +))
    var cumulative: [Substring: Double] = [:]
    for row in rows.dropFirst() {
      let expected = try #require(truth.eigenvalues[String(row[0])])
      let (index, numbers) = (try #require(Int(row[1])), row.dropFirst(2).compactMap { Double($0) })
      #expect(abs(numbers[0] - expected[index - 1]) <= 1e-9 * expected[0], "\(row)")
      cumulative[row[0], default: 0] += numbers[1]
      #expect(abs(numbers[2] - cumulative[row[0], default: 0]) < 1e-12)
    }
    for value in cumulative.values { #expect(abs(value - 1) < 1e-12) }
  }

  @Test("The committed sample")
  func sample() throws { try compare(Places.sample, "sample") }

  @Test("The shared data", .enabled(if: Places.hasShared, "no shared data here"))
  func shared() throws { try compare(Places.shared, "shared") }

  @Test("A report draws the spectra of a measure stage, and refuses those of another; wrong options are refused")
  func report() throws {
    let folder = try TemporaryFolder()
    let stream = Places.sample + "/train-00.npy.zst"
    let pipeline = try folder.write(
      "p.yaml",
      text: """
        out: out
        stages:
          train: { uses: read, files: "\(stream)" }
          moments: { uses: accumulate, from: train }
          geometry: { uses: measure, moments: moments, spectra: true, eigenvalues: "${out}/e.csv" }
          report: { uses: report, measures: geometry }
        """.replacing("out: out", with: "parameters: { out: out }"))
    func run(_ words: String...) throws -> Tool.Result { try Tool.run(Places.tool, words, folder: folder.path) }
    let result = try run("run", pipeline)
    #expect(result.status == 0, "\(result.errors)")
    // Without Σ_W, and without a head.
    #expect(result.errors.contains("within_participation_ratio") && result.errors.contains("within: pooled"))
    let csv = String(decoding: try folder.read("out/e.csv"), as: UTF8.self)
    #expect(csv.contains("\nbetween_weighted,64,") && !csv.contains("\nwithin,") && !csv.contains("\nhead,"))
    #expect(String(decoding: try folder.read("out/report.html"), as: UTF8.self).contains("id=\"figure-spectra\""))
    #expect(
      String(decoding: try folder.read("out/report_files/spectra.csv"), as: UTF8.self).hasPrefix("index,between,"))
    try folder.write("e.csv", text: csv.replacing("between,64,", with: "between,64,1"))
    let other = try run("report", "out/geometry.json", "--eigenvalues", "e.csv", "--output", "r.html")
    #expect(other.status == 65 && other.errors.contains("spectra_digest"), "\(other.errors)")
    for (words, text) in [
      (["--eigenvalues", "x.csv"], "add --spectra"), (["--ood-mean", "unweighted"], "expected ood with ood-mean"),
      (["--centre-head"], "expected a classifier with centre-head"),
    ] {
      let wrong = try Tool.run(Places.tool, ["measure", "out/moments.h5"] + words, folder: folder.path)
      #expect(wrong.status == 64 && wrong.errors.contains(text), "\(wrong.errors)")
    }
  }
}
