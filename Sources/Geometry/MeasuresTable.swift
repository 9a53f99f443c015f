import Embeddings
import Foundation
import Moments

extension Measures {
  /// Plain text for a terminal: a line a measurement, six digits, a dash for what is undefined.
  public var table: String {
    let lines = [["", "value or mean", "std", "cv", "under collapse", "left out"]] + measurements.flatMap(\.lines)
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return (1...3).contains(column) ? padding + line[column] : line[column] + padding
      }
      let text = cells.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n") + "\n"
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

  private func leftOut(_ infinitePairs: Int, _ zeroNorms: Int) -> String {
    let pairs = infinitePairs > 0 ? ["infinite pairs: \(infinitePairs)"] : []
    let classes = zeroNorms > 0 ? ["zero norms: \(zeroNorms)"] : []
    return (pairs + classes).joined(separator: ", ")
  }
}
