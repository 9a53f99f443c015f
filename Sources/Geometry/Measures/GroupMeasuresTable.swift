import Foundation
import Support

extension GroupMeasures {
  /// Plain text for a terminal: a line a group with the statistics that tell most, four digits, a dash for what is
  /// undefined; below it why a group could not be measured.
  public var table: String {
    let columns = Self.headlines.filter { headline in groups.contains { $0.measurement(headline.id) != nil } }
    let header = [
      [labelName, "classes", "samples", "of a class"] + columns.map(\.family),
      ["", "", "", ""] + columns.map(\.name), ["", "", "", ""] + columns.map(\.part.rawValue),
    ]
    let lines = groups.map { group in
      [group.name, "\(group.classes)", "\(group.samples)", group.range]
        + columns.map { headline in group.measurement(headline.id).map(headline.cell) ?? "–" }
    }
    return TextTable(header + lines, rightAligned: 1...header[0].count).text + "\n" + notes
  }

  private var notes: String {
    groups.map { group in
      guard case .unmeasurable(let reason) = group.outcome else { return "" }
      return "\(labelName) \(group.name): \(reason)\n"
    }.joined()
  }

  /// What is shown of the statistics, as many as find room in 120 columns.
  private static let headlines = [
    Headline(id: "nc1_cdnv", part: .mean), Headline(id: "nc2_norm", part: .cv),
    Headline(id: "nc2_interference", part: .std), Headline(id: "gnc2_log", part: .std),
    Headline(id: "nc3_cosine", part: .mean), Headline(id: "nc4", part: .value),
    Headline(id: "nc5_ood_deviation", part: .value),
  ]
}

/// One number of a statistic.
private struct Headline {
  enum Part: String { case value, mean, std, cv }

  let id: String
  let part: Part

  /// The id in two parts, to stand above each other: `nc1` and `cdnv`.
  var family: String { String(id.prefix { $0 != "_" }) }
  var name: String { String(id.drop { $0 != "_" }.dropFirst()) }

  func cell(_ measurement: Measurement) -> String {
    number(measurement).map { String(format: "%.4g", $0) } ?? "–"
  }

  private func number(_ measurement: Measurement) -> Double? {
    switch (measurement.value, part) {
    case (.scalar(let number), _): number
    case (.overPairs(let pairs), .std): pairs.std
    case (.overPairs(let pairs), _): pairs.mean
    case (.overClasses(let classes), .std): classes.std
    case (.overClasses(let classes), .cv): classes.cv
    case (.overClasses(let classes), _): classes.mean
    case (.overSamples(let counts), _): counts.agreement
    case (.count(let count), _): Double(count)
    }
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

  fileprivate func measurement(_ id: String) -> Measurement? {
    guard case .measured(let measurements) = outcome else { return nil }
    return measurements.first { $0.id == id }
  }
}
