import Foundation
import Geometry
import Support

extension Measures {
  /// Plain text for a terminal: one line per measurement, six digits, a dash for undefined values. A value corrected for
  /// sampling noise stands beside the raw one, and standard errors, after ±, beside their numbers.
  package var table: String {
    let known = Set(measurements.map(\.id))
    let corrections = Dictionary(
      measurements.compactMap { correction in correction.entry.corrects.map { ($0, correction) } }
    ) { first, _ in first }
    let rows = measurements.filter { $0.entry.corrects.map(known.contains) != true }.flatMap {
      $0.rows(corrected: corrections[$0.id], underCollapse($0.entry))
    }
    let lines = [TableRow.header] + rows
    let kept = TableRow.header.cells.indices.filter { column in
      !TableRow.optional.contains(column) || rows.contains { !$0.cells[column].isEmpty }
    }
    return TextTable(lines.map { line in kept.map { line.cells[$0] } }, rightAligned: 1...kept.count - 3).text + "\n"
  }

  /// What collapse does to a statistic, with the numbers of classes and features that were measured.
  private func underCollapse(_ entry: StatisticEntry) -> String {
    func size(_ entry: StatisticEntry) -> Int? { self[entry.id]?.number(.value).flatMap { Int(exactly: $0) } }
    return entry.underCollapse(classes: size(Sizes.classes), dimension: size(Sizes.dimension))
  }
}

/// The cells of a line of the table.
private struct TableRow {
  let cells: [String]

  static let header = TableRow(
    "", ("value or mean", "±"), corrected: ("corrected", "±"), std: ("std", "±"), cv: ("cv", "±"),
    collapse: "under collapse", remarks: "remarks")
  /// The columns that are left out if they are empty: corrected values, and errors.
  static let optional: Set = [2, 3, 4, 6, 8]

  typealias Number = (value: String, error: String)

  init(
    _ id: String, _ value: Number, corrected: Number = ("", ""), std: Number = ("", ""), cv: Number = ("", ""),
    collapse: String, remarks: String
  ) {
    cells = [id] + [value, corrected, std, cv].flatMap { [$0.value, $0.error] } + [collapse, remarks]
  }
}

extension Geometry.Measurement {
  fileprivate func rows(corrected: Geometry.Measurement?, _ collapse: String) -> [TableRow] {
    switch value {
    case .count, .scalar:
      let corrected = corrected.map { $0.number(.value, $0.cell($0.json)) } ?? ("", "")
      return [
        TableRow(id, number(.value, cell(json)), corrected: corrected, collapse: collapse, remarks: remarks([]))
      ]
    case .overPairs(let pairs):
      return [
        TableRow(id, number(.mean), std: number(.std), collapse: collapse, remarks: remarks(Self.counts(pairs)))
      ]
    case .overClasses(let classes):
      let counts = Self.count("noise only", classes.noiseOnly) + Self.count("zero norms", classes.zeroNorms)
      return [
        TableRow(
          id, number(.mean), std: number(.std), cv: number(.cv), collapse: collapse, remarks: remarks(counts))
      ]
    case .overSamples:
      return ClassifierAgreement.Number.allCases.map { name in
        let (cell, isMain) = (cell(json[name.rawValue]), name == .agreement)
        return TableRow(
          "\(id)_\(name.rawValue)", isMain ? number(.value, cell) : (cell, ""), collapse: isMain ? collapse : "",
          remarks: isMain ? remarks([]) : "")
      }
    }
  }

  /// A number and its standard error in two digits; a dash if it has no bar.
  private func number(_ part: StatisticEntry.Part, _ cell: String? = nil) -> TableRow.Number {
    (
      cell ?? self.cell(number(part)),
      bar(part).map { String(format: "%.2g", $0) } ?? (isBiased(part) ? "–" : "")
    )
  }

  private func cell(_ number: Double?) -> String { number.map { String(format: "%.6g", $0) } ?? "–" }

  private func cell(_ number: JSONValue?) -> String {
    if case .integer(let count)? = number { "\(count)" } else { cell(number?.double) }
  }

  /// Adds which numbers have no bar because of their bias.
  private func remarks(_ others: [String]) -> String {
    let biased = entry.shape.parts.filter(isBiased).map(\.rawValue)
    return (others + (biased.isEmpty ? [] : ["bias above 2 errors: \(biased.joined(separator: ", "))"]))
      .joined(separator: ", ")
  }

  private static func counts(_ pairs: PairSummary) -> [String] {
    let errors = [pairs.standardError, pairs.deviationError].compactMap { $0 }.map { String(format: "%.1g", $0) }
    let sampled = errors.isEmpty ? [] : ["standard errors \(errors.joined(separator: " and "))"]
    return sampled + count("infinite pairs", pairs.infinitePairs) + count("zero norms", pairs.zeroNorms)
  }

  private static func count(_ words: String, _ count: Int) -> [String] { count > 0 ? ["\(words): \(count)"] : [] }
}
