import Foundation
import Support

extension Measures {
  /// Plain text for a terminal: a line a measurement, six digits, a dash for what is undefined.
  public var table: String {
    let lines = [["", "value or mean", "std", "cv", "under collapse", "remarks"]] + measurements.flatMap(\.lines)
    return TextTable(lines, rightAligned: 1...3).text + "\n"
  }
}

extension Measurement {
  /// Cells of its lines of a table: id, value or mean, std, cv, what collapse does, what is to be said of it.
  fileprivate var lines: [[String]] {
    switch value {
    case .count(let count): [[id, "\(count)", "", "", collapse, ""]]
    case .scalar(let number): [[id, cell(number), "", "", collapse, ""]]
    case .overPairs(let pairs):
      [[id, cell(pairs.mean), cell(pairs.std), "", collapse, remarks(pairs)]]
    case .overClasses(let classes):
      [[id, cell(classes.mean), cell(classes.std), cell(classes.cv), collapse, remarks(classes)]]
    case .overSamples(let counts):
      [
        ["\(id)_samples", "\(counts.samples)", "", "", "", ""], ["\(id)_hits", "\(counts.hits)", "", "", "", ""],
        ["\(id)_agreement", cell(counts.agreement), "", "", collapse, ""],
        ["\(id)_accuracy", cell(counts.accuracy), "", "", "", ""],
        ["\(id)_ncc_accuracy", cell(counts.nearestAccuracy), "", "", "", ""],
      ]
    }
  }

  private func cell(_ number: Double?) -> String { number.map { String(format: "%.6g", $0) } ?? "–" }

  private func remarks(_ pairs: PairSummary) -> String {
    let errors = [pairs.standardError, pairs.deviationError].compactMap { $0 }.map { String(format: "%.1g", $0) }
    let sampled = errors.isEmpty ? [] : ["standard errors \(errors.joined(separator: " and "))"]
    let infinite = pairs.infinitePairs > 0 ? ["infinite pairs: \(pairs.infinitePairs)"] : []
    return (sampled + infinite + zeroNorms(pairs.zeroNorms)).joined(separator: ", ")
  }

  private func remarks(_ classes: ClassSummary) -> String { zeroNorms(classes.zeroNorms).joined() }

  private func zeroNorms(_ count: Int) -> [String] { count > 0 ? ["zero norms: \(count)"] : [] }
}
