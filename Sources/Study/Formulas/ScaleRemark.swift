import Support

/// The remark on properties that depend on the scale of features, which models need not share.
struct ScaleRemark {
  let remarks: [String]

  /// Properties depend on scale if their values change when all features are doubled.
  ///
  /// - Parameters:
  ///   - values: those of the properties, in the table.
  ///   - doubling: what doubling does to columns; see ``StudyOptions/doubling``.
  init(
    _ properties: [Property], _ values: [[Double?]], _ doubling: [String: @Sendable (Double) -> Double], in table: Table
  ) throws {
    let doubled = table.changing(doubling)
    let changed = try zip(properties, values).filter { property, values in
      try zip(values, property.expression.values(in: doubled)).contains { Self.differ($0, $1) }
    }
    remarks =
      changed.isEmpty || table.rowCount < 2
      ? []
      : [
        "\(changed.map(\.0.name).joined(separator: ", ")): doubling the features changes this, "
          + "and models need not share a scale"
      ]
  }

  /// Whether two numbers differ by more than rounding.
  private static func differ(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return a != b }
    return (a - b).magnitude > 1e-9 * max(a.magnitude, b.magnitude)
  }
}

extension Table {
  /// The same table with other numbers in some columns.
  fileprivate func changing(_ changes: [String: @Sendable (Double) -> Double]) -> Table {
    Table(
      columns: columns.map { column in
        guard let change = changes[column.name] else { return column }
        return Column(
          name: column.name,
          cells: column.cells.map { cell in
            cell.flatMap { cell in cell.number.map { Cell(text: "\(change($0))", place: cell.place) } ?? cell }
          })
      }, rowCount: rowCount)
  }
}
