import Embeddings
import Foundation

extension Measures {
  /// Plain text for a terminal: a line a measurement, six digits, a dash for what is undefined.
  public var table: String {
    let lines = [["", "value or mean", "std", "cv", "under collapse", "left out"]] + measurements.flatMap(\.lines)
    return TextTable.text(lines) { (1...3).contains($0) }
  }
}

extension Measurement {
  /// Cells of its lines of a table: id, value or mean, std, cv, what collapse does, what was left out.
  fileprivate var lines: [[String]] {
    switch value {
    case .count(let count): [[id, "\(count)", "", "", collapse, ""]]
    case .scalar(let number): [[id, cell(number), "", "", collapse, ""]]
    case .overPairs(let pairs):
      [[id, cell(pairs.mean), cell(pairs.std), "", collapse, leftOut(pairs.infinitePairs, pairs.zeroNorms)]]
    case .overClasses(let classes):
      [[id, cell(classes.mean), cell(classes.std), cell(classes.cv), collapse, leftOut(0, classes.zeroNorms)]]
    }
  }

  private func cell(_ number: Double?) -> String { number.map { String(format: "%.6g", $0) } ?? "–" }

  private func leftOut(_ infinitePairs: Int, _ zeroNorms: Int) -> String {
    let pairs = infinitePairs > 0 ? ["infinite pairs: \(infinitePairs)"] : []
    let classes = zeroNorms > 0 ? ["zero norms: \(zeroNorms)"] : []
    return (pairs + classes).joined(separator: ", ")
  }
}
