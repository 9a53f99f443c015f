/// Groups in which no property has a correlation, such as groups of one model. There is nothing to report on them, so
/// remarks name them instead, one for all groups of a column with the same reason.
struct SkippedGroups {
  /// One line per reason.
  let remarks: [String]

  /// The most names in a line.
  private static let most = 10

  /// - Parameter groups: all groups by one column, or by one set of columns.
  init(_ groups: [Study.Group]) {
    var reasons: [(reason: String, values: [String])] = []
    for group in groups where Self.has(group) {
      let reason = Self.reason(group)
      if let place = reasons.firstIndex(where: { $0.reason == reason }) {
        reasons[place].values.append(group.value)
      } else {
        reasons.append((reason, [group.value]))
      }
    }
    remarks = reasons.map { reason, values in
      let more = values.count - Self.most
      let named = values.prefix(Self.most).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
      return "\(values.count) of \(groups.count) groups by \(groups[0].column) left out (\(reason)): \(named)"
    }
  }

  static func has(_ group: Study.Group) -> Bool { group.findings.allSatisfy { $0.correlation == nil } }

  private static func reason(_ group: Study.Group) -> String {
    var reasons: [String] = []
    for reason in group.findings.compactMap(\.undefined) where !reasons.contains(reason) { reasons.append(reason) }
    return reasons.joined(separator: ", or ")
  }
}
