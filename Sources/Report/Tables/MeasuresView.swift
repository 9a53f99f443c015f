import Artefacts
import Geometry
import Support

/// The measurements of one model, as `measure` wrote them, in the order and wording of a page.
struct MeasuresView {
  /// A line of the table of statistics.
  struct Row {
    let id: String
    let title: String
    let value: String
    /// The value corrected for sampling noise.
    let corrected: String
    let std: String
    let cv: String
    let collapse: String
    let remarks: String

    // Templates treat an empty text as true, and see only stored properties.
    let hasCollapse: Bool
    let hasRemarks: Bool

    init(
      id: String, title: String, value: String, corrected: String = "", std: String = "", cv: String = "",
      collapse: String, remarks: String = ""
    ) {
      (self.id, self.title, self.value, self.corrected, self.std, self.cv) = (id, title, value, corrected, std, cv)
      (self.collapse, self.remarks) = (collapse, remarks)
      (hasCollapse, hasRemarks) = (!collapse.isEmpty, !remarks.isEmpty)
    }
  }

  struct Section {
    let title: String
    let rows: [Row]
  }

  let json: JSONValue
  private let certainty: RecordedCertainty

  init(json: JSONValue) { (self.json, certainty) = (json, RecordedCertainty(json)) }

  /// Number of classes K, if it is given.
  var classes: Int? { json.count(Sizes.classes) }

  /// What collapse does to a statistic, with the numbers of classes and features of these measurements.
  private func underCollapse(_ entry: StatisticEntry) -> String {
    entry.underCollapse(classes: classes, dimension: json.count(Sizes.dimension))
  }

  /// The table of statistics. A value corrected for sampling noise stands beside the raw one.
  var sections: [Section] {
    let known = Set(members.map(\.key))
    return sections { entry in
      entry.corrects.map(known.contains) != true
    } corrected: { entry in
      let correction = members.lazy.map { Statistics.entry($0.key) }.first { $0.corrects == entry.id }
      return correction.map { number(json[$0.id]?.double, $0.path(.value)) } ?? ""
    }
  }

  /// The same with a line for each value.
  var separateSections: [Section] {
    sections { _ in
      true
    } corrected: { _ in
      ""
    }
  }

  private func sections(
    _ shown: (StatisticEntry) -> Bool, corrected: (StatisticEntry) -> String
  ) -> [Section] {
    let members = members.map { ($0, Statistics.entry($0.key)) }.filter { shown($0.1) }
    return StatisticEntry.Family.allCases.compactMap { family in
      let rows = members.filter { $0.1.family == family }.flatMap { self.rows($0, $1, corrected: corrected($1)) }
      return rows.isEmpty ? nil : Section(title: family.rawValue, rows: rows)
    }
  }

  /// The statistics, without groups, errors and provenance.
  private var members: [JSONValue.Member] {
    guard case .object(let members) = json else { return [] }
    return members.filter(MeasuresReader.isStatistic)
  }

  private func rows(_ member: JSONValue.Member, _ entry: StatisticEntry, corrected: String) -> [Row] {
    if entry.shape == .samples { return decided(member, entry) }
    guard case .object(let parts) = member.value else {
      return [
        Row(
          id: entry.id, title: entry.title, value: text(member.value, [entry.id]), corrected: corrected,
          collapse: underCollapse(entry), remarks: biased([(entry.path(.value), "")]))
      ]
    }
    func part(_ part: StatisticEntry.Part) -> String {
      member.value[part.rawValue].map { number($0.double, [entry.id, part.rawValue]) } ?? ""
    }
    let told = [StatisticEntry.Part.mean, .std, .cv]
    let names = Set(told.map(\.rawValue))
    let remarks = parts.filter { !names.contains($0.key) }.map { "\(Self.words($0.key)) \(text($0.value))" }
    let biased = biased(told.map { ([entry.id, $0.rawValue], $0.rawValue) })
    return [
      Row(
        id: entry.id, title: entry.title, value: part(.mean), std: part(.std), cv: part(.cv),
        collapse: underCollapse(entry),
        remarks: (remarks + (biased.isEmpty ? [] : [biased])).joined(separator: ", "))
    ]
  }

  /// Which numbers have an error, but no bar for their bias.
  private func biased(_ numbers: [(path: [String], name: String)]) -> String {
    let names = numbers.filter { certainty.number(.errors, $0.path) != nil && certainty.bar($0.path) == nil }.map(
      \.name)
    return names.isEmpty ? "" : (["bias above 2 errors:"] + names).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The agreement of two deciders, then the other numbers.
  private func decided(_ member: JSONValue.Member, _ entry: StatisticEntry) -> [Row] {
    let numbers = ClassifierAgreement.Number.allCases
    return (numbers.filter { $0 == .agreement } + numbers.filter { $0 != .agreement }).map { number in
      Row(
        id: "\(entry.id)_\(number.rawValue)", title: number.title,
        value: text(member.value[number.rawValue], [entry.id, number.rawValue]),
        collapse: number == .agreement ? underCollapse(entry) : "")
    }
  }

  private static func words(_ key: String) -> String { key.replacing("_", with: " ") }

  private func text(_ value: JSONValue?, _ path: [String] = []) -> String {
    if case .integer(let count)? = value { NumberText.count(count) } else { number(value?.double, path) }
  }

  /// A number with its error bar.
  private func number(_ number: Double?, _ path: [String]) -> String {
    NumberText.short(number) + (certainty.bar(path).map { " ± \(NumberText.error($0))" } ?? "")
  }
}

extension JSONValue {
  /// A size, if these are measurements that have it.
  func count(_ size: StatisticEntry) -> Int? { if case .integer(let count)? = self[size.id] { count } else { nil } }

  /// The member `key` as a number.
  func double(_ key: String) -> Double? { self[key]?.double }

  var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The elements of an array; empty for anything else.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
