/// A study across models: how their properties relate to a target, over all selected models and over groups of them.
///
/// Permutations use the sequence of the seed itself, resamples another derived from it. Every property and every group
/// uses the same sequences. Any number of threads gives the same bits.
package struct Study: Sendable {
  /// The models that share the values of one or more columns.
  package struct Group: Sendable {
    package let column: String
    package let value: String
    package let findings: [Finding]
  }

  package let options: StudyOptions
  /// The selected rows.
  package let table: Table
  package let models: [String]
  /// The target of each model.
  let target: [Double?]
  package let findings: [Finding]
  /// Groups in which some property is defined; ``remarks`` name the others.
  package let groups: [Group]
  /// Remarks on the whole study.
  package let remarks: [String]

  /// Throws ``StudyError`` if the table lacks a column, a cell is not a number, a formula is invalid, or no row is
  /// selected.
  ///
  /// - Parameter checkCancellation: is called now and then; an error it throws stops the study.
  package init(
    of whole: Table, _ options: StudyOptions, checkCancellation: @escaping () throws -> Void = {}
  ) throws {
    let (columns, models) = (whole.names, try whole.names(options.nameColumn))
    let rows = try options.selection.rows(of: whole, names: models)
    let table = whole.rows(rows)
    var options = options
    options.given = options.given.flatMap(columns.list)
    (self.options, self.models) = (options, rows.map { models[$0] })
    let target = try Expression(options.target, names: columns).values(in: table)
    let given = try options.given.map { try Expression($0, names: columns).values(in: table) }
    var properties = try options.properties.map { try Property($0, names: columns) }
    var remarks = try ColumnRemarks(options, in: table).remarks
    if properties.isEmpty {
      let standard = try options.standard.of(table)
      properties = standard.found
      remarks += standard.remarks
    }
    let values = try properties.map { try $0.expression.values(in: table) }
    let errors = try properties.map { try PropertyErrors($0.expression, in: table) }
    if options.isWeighted { try Self.checkErrors(errors) }
    remarks += try ScaleRemark(properties, values, options.doubling, in: table).remarks
    let families = try options.groups.map { try Groups(of: $0, in: table, &remarks) }
    let comparison = Comparison(target: target, given: given, options, checkCancellation: checkCancellation)
    findings = try comparison.findings(properties, values, errors: errors, of: Array(rows.indices))
    groups = try families.flatMap { family in
      let studied = try family.members.map { member in
        try Group(
          column: family.column, value: member.value,
          findings: comparison.findings(properties, values, errors: errors, of: member.rows))
      }
      remarks += SkippedGroups(studied).remarks
      return studied.filter { !SkippedGroups.has($0) }
    }
    (self.table, self.target, self.remarks) = (table, target, remarks)
  }

  /// Refuses weights if no property has standard errors.
  private static func checkErrors(_ errors: [PropertyErrors]) throws {
    guard errors.allSatisfy({ !$0.missing.isEmpty }), let missing = errors.first?.missing.first else { return }
    throw StudyError(
      expected: "standard errors for the weights, such as a column \(missing)", found: "none for any property",
      advice: "measure with errors and collect again, or leave weighted out")
  }
}
