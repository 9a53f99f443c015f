import Yams

/// Merge keys: `<<: *base`, or a list of such mappings, adds the members of other mappings.
extension PipelineFile {
  /// The deepest chain of mappings that merge others.
  private static let deepest = 20

  /// The members of a mapping, those that it merges first. Its own replace merged ones with the same key, and mappings
  /// named earlier replace those named later. Reports values that cannot be merged.
  mutating func merging(_ mapping: Node.Mapping, depth: Int = 0) -> [(key: Node, value: Node)] {
    let merged = mapping.filter { Self.isMergeKey($0.key) }.flatMap { member in
      (member.value.sequence.map(Array.init) ?? [member.value]).flatMap { sources($0, depth) }
    }
    guard mapping.contains(where: { Self.isMergeKey($0.key) }) else { return Array(mapping) }
    var members: [(key: Node, value: Node)] = []
    var places: [String: Int] = [:]
    for member in merged where places[Self.name(member)] == nil {
      places[Self.name(member)] = members.count
      members.append(member)
    }
    for member in mapping where !Self.isMergeKey(member.key) {
      if let place = places[Self.name(member)] { members[place] = member } else { members.append(member) }
    }
    return members
  }

  /// The members of one mapping to merge. Aliases of aliases may stand for more of them than anyone could write.
  private mutating func sources(_ node: Node, _ depth: Int) -> [(key: Node, value: Node)] {
    guard let mapping = node.mapping else {
      addProblem(
        node, "expected a mapping to merge, found another value",
        advice: "write <<: *name, and &name before the mapping that it stands for")
      return []
    }
    membersMerged += mapping.count + 1
    guard depth < Self.deepest, membersMerged <= MatrixExpansion.mostValues else {
      addProblem(
        node, "expected at most \(Self.deepest) mappings within each other to merge, and fewer members",
        advice: "write out some of what they share")
      return []
    }
    return merging(mapping, depth: depth + 1)
  }

  private static func isMergeKey(_ key: Node) -> Bool { key.scalar?.string == "<<" }

  private static func name(_ member: (key: Node, value: Node)) -> String { member.key.scalar?.string ?? "" }
}
