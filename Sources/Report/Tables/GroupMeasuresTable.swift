import Foundation
import Geometry
import Support

extension GroupMeasures {
  /// Plain text for a terminal: one line per group with the headline statistics in four digits, a dash for undefined
  /// values. Below it, why groups could not be measured.
  package var table: String {
    let columns = Headline.all.filter { headline in groups.contains { $0.measurement(headline) != nil } }
    // Splits an id in two lines: `nc1` above `cdnv`.
    let families = columns.map { String($0.entry.id.prefix { $0 != "_" }) }
    let names = zip(columns, families).map { String($0.entry.id.dropFirst($1.count + 1)) }
    let header: [[String]] = [
      [kind.label, "classes", "samples", "of a class"] + families, ["", "", "", ""] + names,
      ["", "", "", ""] + columns.map(\.part.rawValue),
    ]
    let lines = groups.map { group -> [String] in
      let cells = columns.map { headline -> String in
        group.measurement(headline)?.number(headline.part).map { String(format: "%.4g", $0) } ?? "–"
      }
      return [group.name, "\(group.classes)", "\(group.samples)", group.range] + cells
    }
    return TextTable(header + lines, rightAligned: 1...header[0].count).text + "\n" + notes
  }

  private var notes: String {
    groups.map { group in
      guard case .unmeasurable(let reason) = group.outcome else { return "" }
      return VisibleText.line("\(kind.label) \(group.name): \(reason)") + "\n"
    }.joined()
  }
}

extension GroupMeasures.Group {
  fileprivate var name: String {
    switch label {
    case .integer(let number): "\(number)"
    case .string(let text): text
    default: ""
    }
  }

  fileprivate var range: String {
    counts.lowerBound == counts.upperBound ? "\(counts.lowerBound)" : "\(counts.lowerBound)–\(counts.upperBound)"
  }

  fileprivate func measurement(_ headline: Headline) -> Geometry.Measurement? {
    guard case .measured(let measurements) = outcome else { return nil }
    return measurements.first { $0.entry == headline.entry }
  }
}
