import Foundation
import TestSupport
import Testing

/// Closed forms and undefined values, through the program: numbers on standard output, words on standard error, exit
/// status 0.
@Suite("Synthetic truths, end to end")
struct SyntheticTruthsTests {
  /// Measures two samples per class that equal its mean, with the scatter if there is a classifier.
  private func measure(
    _ means: [[Double]], classifier: [[Double]]? = nil
  ) throws -> (numbers: [String: Double], text: String, errors: String) {
    let folder = try TemporaryFolder()
    let labels = means.indices.map { Int32($0) }
    let stream = try folder.write(
      "a.npy",
      NPY.labels(labels + labels) + NPY.features("<f8", (means + means).flatMap { $0 }, dimension: means[0].count))
    var (kept, head): ([String], [String]) = ([], [])
    if let classifier {
      kept = ["--within", "pooled"]
      let rows = NPY.features("<f8", classifier.flatMap { $0 }, dimension: means[0].count)
      head = ["--classifier", try folder.write("w.npy", rows)]
    }
    let state = folder.file("m.h5")
    let made = try Tool.run(Places.tool, ["accumulate", stream, "--output", state] + kept)
    #expect(made.status == 0, "\(made.errors)")
    let result = try Tool.run(Places.tool, ["measure", state] + head)
    #expect(result.status == 0, "\(result.errors)")
    return (try Golden.numbers(result.output), result.text, result.errors)
  }

  private let absent = [
    "nc1_pinv, nc1_svd, between_condition are absent: the state has no within-class scatter; accumulate with --within pooled",
    "nc3_cosine, nc3_dot, nc3_distance, nc3_dual_error, nc3_frobenius, head_norm, head_interference, head_maximal_angle, head_etf_error are absent: no output head was given; name it with --classifier",
  ]

  @Test("A collapsed model: a simplex of repeated samples, with its dual", arguments: [2, 5, 33])
  func collapsed(k: Int) throws {
    let frame = (0..<k).map { row in (0..<k + 3).map { $0 == row ? 1.0 : 0 } }
    let (numbers, _, errors) = try measure(frame, classifier: frame)
    #expect(Golden.deviation(numbers["nc2_interference.mean"], -1 / Double(k - 1)) <= 1e-12)
    for key in ["nc2_interference.std", "nc2_etf_error", "nc3_dual_error"] {
      #expect(try #require(numbers[key]) <= 1e-12, "\(key)")
    }
    for key in ["within_trace", "nc1_quotient", "nc1_pinv", "nc1_svd", "nc1_cdnv.mean", "nc1_cdnv.std"] {
      #expect(numbers[key] == 0, "\(key)")
    }
    #expect(!errors.contains("absent") && !errors.contains("undefined"), "\(errors)")
  }

  @Test("Statistics whose inputs are missing are absent, with a remark")
  func withoutScatterAndClassifier() throws {
    let (numbers, text, errors) = try measure([[1, 0], [-1, 0], [0, 1]])
    #expect(!text.contains("\"nc1_pinv\":") && !text.contains("\"nc3_cosine\":"))
    #expect(numbers["nc1_quotient"] == 0)
    for line in absent { #expect(errors.contains("measure: " + line), "\(errors)") }
  }

  @Test("One class: everything that compares classes is null, with a remark")
  func oneClass() throws {
    let (numbers, text, errors) = try measure([[1, 2]], classifier: [[1, 1]])
    #expect(text.contains("\"nc1_pinv\": null") && text.contains("\"nc2_etf_error\": null"))
    #expect(numbers["within_trace"] == 0 && numbers["nc2_norm.mean"] == 0)
    #expect(errors.contains("are undefined (null): they compare classes, and there is only one"), "\(errors)")
  }

  @Test("A class at the global mean, and a zero classifier row, are left out and counted")
  func zeros() throws {
    let (numbers, _, errors) = try measure([[1, 0], [-1, 0], [0, 0]], classifier: [[1, 0], [0, 0], [0, 1]])
    #expect(numbers["nc2_interference.mean"] == -1)
    #expect(numbers["nc2_interference.zero_norms"] == 1)
    #expect(numbers["nc3_cosine.mean"] == 1)
    #expect(numbers["nc3_cosine.zero_norms"] == 2)
    #expect(!errors.contains("undefined"), "\(errors)")
  }

  @Test("Equal means have nothing to compare, and a remark says so")
  func identical() throws {
    let (numbers, text, errors) = try measure([[1, 1], [1, 1], [1, 1]])
    #expect(numbers["nc1_cdnv.infinite_pairs"] == 3)
    #expect(text.contains("\"nc1_quotient\": null"))
    #expect(errors.contains("all class means agree within rounding"), "\(errors)")
  }
}
