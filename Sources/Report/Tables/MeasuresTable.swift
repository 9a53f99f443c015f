import Foundation
import Geometry
import Support

extension Measures {
  /// Plain text for a terminal: one line per measurement, six digits, a dash for undefined values.
  package var table: String {
    let lines = [["", "value or mean", "std", "cv", "under collapse", "remarks"]] + measurements.flatMap(\.lines)
    return TextTable(lines, rightAligned: 1...3).text + "\n"
  }
}

extension Geometry.Measurement {
  /// Its table lines as cells: id, value or mean, std, cv, behaviour under collapse, remarks.
  fileprivate var lines: [[String]] {
    switch value {
    case .count, .scalar: [[id, cell(json), "", "", entry.underCollapse, ""]]
    case .overPairs(let pairs):
      [[id, cell(pairs.mean), cell(pairs.std), "", entry.underCollapse, remarks(pairs)]]
    case .overClasses(let classes):
      [
        [
          id, cell(classes.mean), cell(classes.std), cell(classes.cv), entry.underCollapse,
          zeroNorms(classes.zeroNorms).joined(),
        ]
      ]
    case .overSamples:
      ClassifierAgreement.Number.allCases.map { number in
        [
          "\(id)_\(number.rawValue)", cell(json[number.rawValue]), "", "",
          number == .agreement ? entry.underCollapse : "", "",
        ]
      }
    }
  }

  private func cell(_ number: Double?) -> String { number.map { String(format: "%.6g", $0) } ?? "–" }

  private func cell(_ number: JSONValue?) -> String {
    if case .integer(let count)? = number { "\(count)" } else { cell(number?.double) }
  }

  private func remarks(_ pairs: PairSummary) -> String {
    let errors = [pairs.standardError, pairs.deviationError].compactMap { $0 }.map { String(format: "%.1g", $0) }
    let sampled = errors.isEmpty ? [] : ["standard errors \(errors.joined(separator: " and "))"]
    let infinite = pairs.infinitePairs > 0 ? ["infinite pairs: \(pairs.infinitePairs)"] : []
    return (sampled + infinite + zeroNorms(pairs.zeroNorms)).joined(separator: ", ")
  }

  private func zeroNorms(_ count: Int) -> [String] { count > 0 ? ["zero norms: \(count)"] : [] }
}
