import Foundation
import Geometry
import Support

/// A comparison of two states, as `compare` wrote it, in the order and wording of tables and pages.
package struct ComparisonView {
  /// The members that hold headline statistics of both states, the classes that moved most, and remarks.
  package static let statistics = "statistics"
  package static let moved = "moved_most"
  package static let remarks = "remarks"

  /// A number of both states, or its mean over classes.
  struct Row {
    let entry: StatisticEntry
    let value: Double?
    var std: Double?
    var cv: Double?
    var remarks = ""
  }

  /// A number of each state.
  struct Pair {
    let entry: StatisticEntry
    let name: String
    let a: Double?
    let b: Double?
  }

  let json: JSONValue

  package init(json: JSONValue) { self.json = json }

  /// The headline statistics of the measurements of both states, by column name: `nc1_cdnv_mean`.
  package static func statistics(of measures: [JSONValue]) -> JSONValue {
    .object(
      Headline.all.compactMap { headline in
        let values = measures.map { headline.value(in: $0) }
        guard values.contains(where: { $0 != nil }) else { return nil }
        let members = zip(["a", "b"], values).map { JSONValue.Member($0, $1.map { .number($0) } ?? .null) }
        return .init(headline.id, .object(members))
      })
  }

  /// The numbers of both states together.
  var rows: [Row] { Self.rows(json) }

  private static func rows(_ json: JSONValue?) -> [Row] {
    guard case .object(let members)? = json else { return [] }
    return members.compactMap { member in
      let entry = StatisticEntry.ofComparison(member.key)
      guard entry.family == .comparison else { return nil }
      guard entry.shape == .classes else { return Row(entry: entry, value: member.value.double) }
      let counts = ["zero_norms", "noise_only"].compactMap { name in
        member.value.double(name).map { "\(name.replacing("_", with: " ")): \(NumberText.count($0))" }
      }
      return Row(
        entry: entry, value: member.value.double("mean"), std: member.value.double("std"),
        cv: member.value.double("cv"), remarks: counts.joined(separator: ", "))
    }
  }

  /// The sizes and traces of each state, then their headline statistics.
  var pairs: [Pair] {
    guard case .object(let one)? = json["a"] else { return [] }
    let sizes = one.map { member in
      Pair(
        entry: .ofComparison(member.key), name: member.key, a: member.value.double,
        b: json["b"]?.double(member.key))
    }
    let statistics = Headline.all.compactMap { headline -> Pair? in
      guard let both = json[Self.statistics]?[headline.id] else { return nil }
      return Pair(entry: headline.entry, name: headline.id, a: both.double("a"), b: both.double("b"))
    }
    return sizes + statistics
  }

  /// A table of groups of classes: the label and number of classes of each, and its numbers.
  struct Groups {
    let kind: ClassGrouping.Kind
    let columns: [StatisticEntry]
    let groups: [(label: String, counts: String, values: [Double?])]
  }

  var groups: [Groups] {
    ClassGrouping.Kind.allCases.compactMap { kind in
      let groups = json[kind.rawValue]?.elements ?? []
      let rows = groups.map { Self.rows($0["measures"]) }
      let columns = (rows.first ?? []).map(\.entry)
      guard !columns.isEmpty else { return nil }
      return Groups(
        kind: kind, columns: columns,
        groups: zip(groups, rows).map { group, rows in
          let label = group[kind.label]?.string ?? group.double(kind.label).map { NumberText.count($0) } ?? ""
          let counts = ["smallest_count", "largest_count"].compactMap { group.double($0) }.distinct()
          return (
            label, counts.map { NumberText.count($0) }.joined(separator: "–"),
            columns.map { column in rows.first { $0.entry == column }?.value }
          )
        })
    }
  }

  /// The classes that moved most: a column per number that any of them has.
  var movedMost: (columns: [ClassColumnEntry], rows: [[JSONValue]]) {
    let rows = json[Self.moved]?.elements ?? []
    let columns = ClassColumnEntry.all.filter { entry in
      rows.contains { row in row[entry.name].map { $0 != .null } ?? false }
    }
    return (columns, rows.map { row in columns.map { row[$0.name] ?? .null } })
  }

  /// What a reader should know.
  var remarks: [String] { (json[Self.remarks]?.elements ?? []).compactMap { $0["text"]?.string } }
}

extension ComparisonView {
  /// The classes in the table for a terminal.
  private static let mostMoved = 10

  /// Plain text for a terminal, in six digits, with a dash for undefined values.
  package var table: String {
    func cell(_ number: Double?) -> String { number.map { String(format: "%.6g", $0) } ?? "–" }
    let states = [["", "A", "B"]] + pairs.map { [$0.name, cell($0.a), cell($0.b)] }
    let whole =
      [["", "value or mean", "std", "cv", "remarks"]]
      + rows.map { row in
        let spread = row.entry.shape == .classes ? [cell(row.std), cell(row.cv)] : ["", ""]
        return [row.entry.id, cell(row.value)] + spread + [row.remarks]
      }
    var texts = [TextTable(states, rightAligned: 1...2), TextTable(whole, rightAligned: 1...3)]
    for group in groups {
      let header = [group.kind.label, "samples of a class in A and B"] + group.columns.map(\.id)
      let lines = group.groups.map { [$0.label, $0.counts] + $0.values.map { cell($0) } }
      texts.append(TextTable([header] + lines, rightAligned: 1...header.count))
    }
    let (columns, moved) = movedMost
    if !moved.isEmpty {
      let lines = moved.prefix(Self.mostMoved).map { row in
        row.map { value in value.string ?? (value == .null ? "–" : cell(value.double)) }
      }
      texts.append(TextTable([columns.map { $0 == .token ? "moved most" : $0.title }] + lines))
    }
    return texts.map { $0.text + "\n" }.joined(separator: "\n")
  }
}
