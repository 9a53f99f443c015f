import Support

extension Study {
  /// Everything that a report draws and prints; undefined values are null.
  package var json: JSONValue {
    let columns = table.columns.filter(\.isNumeric).map { column in
      JSONValue.Member(column.name, .array(column.cells.map { .finite($0.flatMap { $0.isMissing ? nil : $0.number }) }))
    }
    let weights: [JSONValue.Member] = options.isWeighted ? [.init("weights", .string("1/variance"))] : []
    let json: JSONValue = [
      "title": .string(options.title),
      "target": [
        "name": .string(options.target), "expression": .string(options.target),
        "values": .array(target.map(JSONValue.finite)),
      ],
      "models": .array(models.map(JSONValue.string)),
      "columns": .object(columns),
      "selection": [
        "rows": .array(options.selection.patterns.map(JSONValue.string)),
        "where": .array(options.selection.conditions.map(JSONValue.string)),
      ],
      "permutations": .integer(options.permutations), "seed": .integer(options.seed),
      "bootstrap": .integer(options.bootstrap), "level": .number(Bootstrap.level),
      "given": .array(options.given.map(JSONValue.string)),
      "remarks": .array(remarks.map(JSONValue.string)),
      "properties": .array(findings.map { $0.json(values: true) }),
      "groups": .array(
        groups.map { group in
          [
            "by": .string(group.column), "value": .string(group.value),
            "properties": .array(group.findings.map { $0.json(values: false) }),
          ]
        }),
    ]
    return weights.reduce(json) { $0.adding($1.key, $1.value) }
  }
}

extension Finding {
  fileprivate func json(values hasValues: Bool) -> JSONValue {
    let head: [JSONValue.Member] = [
      .init("name", .string(property.name)), .init("expression", .string(property.expression.text)),
    ]
    let values: [JSONValue.Member] = hasValues ? [.init("values", .array(values.map(JSONValue.finite)))] : []
    let bars: [JSONValue.Member] =
      hasValues && bars.contains { $0 != nil } ? [.init("error_bars", .array(bars.map(JSONValue.finite)))] : []
    return .object(
      head + values + bars + [.init("n", .integer(n))] + numbers.map { .init($0.name, .finite($0.value)) }
        + [.init("remarks", .array(remarks.map(JSONValue.string)))])
  }

  /// Every number but n, with its name in JSON and CSV.
  var numbers: [(name: String, value: Double?)] {
    [
      ("pearson", correlation?.pearson), ("pearson_low", interval?.r.lowerBound),
      ("pearson_high", interval?.r.upperBound), ("spearman", correlation?.spearman), ("r2", correlation?.r2),
      ("r2_low", interval?.r2.lowerBound), ("r2_high", interval?.r2.upperBound), ("slope", correlation?.slope),
      ("intercept", correlation?.intercept), ("log_slope", logSlope), ("semilog_slope", semilogSlope), ("p", p),
      ("p_holm", adjustedP), ("partial", partial), ("partial_p", partialP),
    ] + (weighted.map { [("effective_n", $0.effectiveCount)] } ?? [])
  }
}

extension JSONValue {
  /// A number, or null.
  fileprivate static func finite(_ number: Double?) -> JSONValue { number.map(JSONValue.number) ?? .null }
}
