import Support

extension StateComparison {
  /// An object with one member per measurement of both states, `samples` and `basis`, those of each state (`a`, `b`), its
  /// groups, and its remarks.
  package var json: JSONValue {
    let relation: [JSONValue.Member] = [
      .init("samples", .string(relation.samples.rawValue)),
      .init("same_basis", .boolean(relation.sameBasis)), .init("a", a.json), .init("b", b.json),
    ]
    var members: [JSONValue.Member] = []
    if case .object(let own) = measurements.json { members = own }
    members += relation
    members += groups.map { kind, groups in
      .init(kind.rawValue, .array(groups.map { $0.json(kind) }))
    }
    return .object(members)
  }
}

extension StateComparison.Group {
  /// Its label, its sizes, and `measures`, an object of the measurements.
  fileprivate func json(_ kind: ClassGrouping.Kind) -> JSONValue {
    .object([
      .init(kind.label, label), .init("smallest_count", .integer(counts.lowerBound)),
      .init("largest_count", .integer(counts.upperBound)), .init("measures", measurements.json),
    ])
  }
}

extension ClassTable {
  /// The classes that moved most, first the one that moved furthest, as objects; classes that did not move are left out.
  package func movedMost(_ most: Int) -> [JSONValue] {
    guard let movement else { return [] }
    let distances = movement.numbers
    let rows = distances.indices.filter { (distances[$0] ?? 0) > 0 }
      .sorted { (distances[$1] ?? 0, $0) < (distances[$0] ?? 0, $1) }.prefix(most)
    let cells = columns.map { column in
      let (texts, numbers) = column.entry.kind == .text ? (column.texts, nil) : ([], column.numbers as OptionalNumbers?)
      return rows.map { row -> JSONValue in
        guard let numbers else { return texts[row].map { .string($0) } ?? .null }
        guard let number = numbers[row] else { return .null }
        return column.entry.kind == .number ? .number(number) : Int(exactly: number).map { .integer($0) } ?? .null
      }
    }
    return rows.indices.map { row in
      .object(zip(columns, cells).map { .init($0.name, $1[row]) })
    }
  }
}
