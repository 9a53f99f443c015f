import Geometry
import Support

/// The measurements of one model, as `measure` wrote them, in the order and wording of a page.
struct MeasuresView {
  /// A line of the table of statistics.
  struct Row {
    let id: String
    let title: String
    let value: String
    let std: String
    let cv: String
    let collapse: String
    let remarks: String

    // Templates treat an empty text as true, and see only stored properties.
    let hasCollapse: Bool
    let hasRemarks: Bool

    init(
      id: String, title: String, value: String, std: String = "", cv: String = "", collapse: String,
      remarks: String = ""
    ) {
      (self.id, self.title, self.value, self.std, self.cv) = (id, title, value, std, cv)
      (self.collapse, self.remarks) = (collapse, remarks)
      (hasCollapse, hasRemarks) = (!collapse.isEmpty, !remarks.isEmpty)
    }
  }

  struct Section {
    let title: String
    let rows: [Row]
  }

  let json: JSONValue

  /// Number of classes K, if it is given.
  var classes: Int? { if case .integer(let classes)? = json[Sizes.classes.id] { classes } else { nil } }

  var sections: [Section] {
    StatisticEntry.Family.allCases.compactMap { family in
      let rows = members.filter { Statistics.entry($0.key).family == family }.flatMap(Self.rows)
      return rows.isEmpty ? nil : Section(title: family.rawValue, rows: rows)
    }
  }

  /// The statistics, without groups (which are arrays) and provenance.
  private var members: [JSONValue.Member] {
    guard case .object(let members) = json else { return [] }
    return members.filter { member in
      switch member.value {
      case .integer, .number, .null: true
      case .object: member.key != "provenance"
      default: false
      }
    }
  }

  private static func rows(_ member: JSONValue.Member) -> [Row] {
    let entry = Statistics.entry(member.key)
    if entry.shape == .samples { return decided(member, entry) }
    guard case .object(let parts) = member.value else {
      return [Row(id: entry.id, title: entry.title, value: text(member.value), collapse: entry.underCollapse)]
    }
    func part(_ name: String) -> String {
      member.value[name].map { NumberText.short($0.double) } ?? ""
    }
    let told: Set = ["mean", "std", "cv"]
    let remarks = parts.filter { !told.contains($0.key) }.map { "\(words($0.key)) \(text($0.value))" }
    return [
      Row(
        id: entry.id, title: entry.title, value: part("mean"), std: part("std"), cv: part("cv"),
        collapse: entry.underCollapse, remarks: remarks.joined(separator: ", "))
    ]
  }

  /// The agreement of two deciders, then the other numbers.
  private static func decided(_ member: JSONValue.Member, _ entry: StatisticEntry) -> [Row] {
    let numbers = ClassifierAgreement.Number.allCases
    return (numbers.filter { $0 == .agreement } + numbers.filter { $0 != .agreement }).map { number in
      Row(
        id: "\(entry.id)_\(number.rawValue)", title: number.title, value: text(member.value[number.rawValue]),
        collapse: number == .agreement ? entry.underCollapse : "")
    }
  }

  private static func words(_ key: String) -> String { key.replacing("_", with: " ") }

  private static func text(_ value: JSONValue?) -> String {
    if case .integer(let count)? = value { NumberText.count(count) } else { NumberText.short(value?.double) }
  }
}

extension JSONValue {
  /// The member `key` as a number.
  func double(_ key: String) -> Double? { self[key]?.double }

  var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The elements of an array; empty for anything else.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
