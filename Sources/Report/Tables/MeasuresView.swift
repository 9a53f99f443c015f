import Support

/// The measurements of one model, as `measure` wrote them, in the order and words of a page.
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

    // A template takes an empty text for something, and sees what is stored alone.
    let hasCollapse: Bool
    let hasRemarks: Bool

    init(id: String, title: String, value: String, std: String, cv: String, collapse: String, remarks: String) {
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

  /// Number of classes K, where it says.
  var classes: Int? { if case .integer(let classes)? = json["classes"] { classes } else { nil } }

  var sections: [Section] {
    StatisticNotes.Family.allCases.compactMap { family in
      let rows = members.filter { StatisticNotes.note($0.key).family == family }.flatMap(Self.rows)
      return rows.isEmpty ? nil : Section(title: family.rawValue, rows: rows)
    }
  }

  /// Statistics, without groups, which are arrays, and provenance.
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
    let note = StatisticNotes.note(member.key)
    func row(_ part: String, _ title: String, _ value: String, _ collapse: String) -> Row {
      Row(id: member.key + part, title: title, value: value, std: "", cv: "", collapse: collapse, remarks: "")
    }
    if member.key == "nc4" {
      return [
        row("_agreement", note.title, Numerals.short(member.value["agreement"]?.double), note.collapse),
        row("_samples", "Unseen samples", text(member.value["samples"]), ""),
        row("_hits", "Those on which both agree", text(member.value["hits"]), ""),
        row("_accuracy", "Accuracy of the classifier", Numerals.short(member.value["accuracy"]?.double), ""),
        row("_ncc_accuracy", "Accuracy of the nearest mean", Numerals.short(member.value["ncc_accuracy"]?.double), ""),
      ]
    }
    guard case .object(let parts) = member.value else {
      return [row("", note.title, text(member.value), note.collapse)]
    }
    func part(_ name: String) -> String {
      member.value[name].map { Numerals.short($0.double) } ?? ""
    }
    let told: Set = ["mean", "std", "cv"]
    let remarks = parts.filter { !told.contains($0.key) }.map { "\(words($0.key)) \(text($0.value))" }
    return [
      Row(
        id: member.key, title: note.title, value: part("mean"), std: part("std"), cv: part("cv"),
        collapse: note.collapse, remarks: remarks.joined(separator: ", "))
    ]
  }

  private static func words(_ key: String) -> String { key.replacing("_", with: " ") }

  private static func text(_ value: JSONValue?) -> String {
    if case .integer(let count)? = value { Numerals.count(count) } else { Numerals.short(value?.double) }
  }
}

extension JSONValue {
  /// A number; nil for anything else.
  var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// The number at a path of members: `nc2_norm`, `cv`.
  func double(_ path: String...) -> Double? {
    path.reduce(self as JSONValue?) { value, key in value?[key] }?.double
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }

  /// Elements; none of anything but an array.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
