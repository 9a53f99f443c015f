import Samples
import Support

/// The measurements of each group of a ``ClassGrouping``.
package struct GroupMeasures: Sendable, Equatable {
  /// One group and its measurements.
  package struct Group: Sendable, Equatable {
    package let label: JSONValue
    package let classes: Int
    /// Smallest and largest n_c.
    package let counts: ClosedRange<Int>
    /// Σ n_c of its classes.
    package let samples: Int
    package let outcome: Outcome
    /// How far its numbers can be trusted, and what is missing.
    package let remarks: [Remark]
  }

  package enum Outcome: Sendable, Equatable {
    case measured([Measurement])
    /// Why the group cannot be measured.
    case unmeasurable(String)
  }

  package let kind: ClassGrouping.Kind
  package let groups: [Group]

  /// An array with one object per group: its label, its sizes, and `measures`, as if its classes had been selected. If a group
  /// cannot be measured, `measures` is `null` and `reason` says why.
  package var json: JSONValue { .array(groups.map { $0.json(kind.label) }) }
}

extension GroupMeasures.Group {
  fileprivate func json(_ labelName: String) -> JSONValue {
    let sizes = [
      JSONValue.Member(labelName, label), .init("classes", .integer(classes)),
      .init("smallest_count", .integer(counts.lowerBound)), .init("largest_count", .integer(counts.upperBound)),
      .init("samples", .integer(samples)),
    ]
    switch outcome {
    case .measured(let measurements):
      return .object(sizes + [.init("measures", measurements.json.adding(Remark.member, remarks.json))])
    case .unmeasurable(let reason):
      return .object(sizes + [.init("measures", .null), .init("reason", .string(reason))])
    }
  }
}

extension ClassGrouping {
  /// The number of progress steps for all groups; see ``Measures/steps(classes:hasClassifier:options:)``.
  package func steps(hasClassifier: Bool = false, options: GeometryOptions) -> Int {
    groups.reduce(0) {
      $0 + Measures.steps(classes: $1.tokens.count, hasClassifier: hasClassifier, options: options)
    }
  }
}

extension GroupMeasures {
  /// Measures all statistics of each group as if only its classes were selected.
  ///
  /// K, μ_G and everything derived from them are the group's own. N and Σ_W still cover all samples; see
  /// ``ClassSelection``.
  ///
  /// A group that cannot be measured, such as one without a selected class, reports the reason and throws no error. Spectra are not measured. Groups are measured one after another, so only the Σ K_g² pairs within them are visited.
  ///
  /// - Parameters:
  ///   - grouping: groups of classes; those that are not selected are left out.
  ///   - classifier: one row for each selected class.
  ///   - progress: receives the number of finished steps over all groups.
  /// - Throws: ``GeometryError`` if nothing is selected or the classifier does not fit; whatever `checkCancellation` throws.
  /// - Complexity: that of measuring each group's classes, and O(d³) for each with the within-class scatter.
  package init(
    of grouping: ClassGrouping, in selection: ClassSelection, classifier: Matrix? = nil, decisions: Decisions? = nil,
    outOfDistribution: OutOfDistributionMean? = nil, inputParts: InputParts = InputParts(),
    options: GeometryOptions = GeometryOptions(),
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkCancellation: () throws -> Void = {}
  ) throws {
    if let classifier { try selection.checkClassifier(classifier) }
    let places = Dictionary(zip(selection.tokens, selection.tokens.indices)) { first, _ in first }
    var options = options
    options.hasSpectra = false
    let total = grouping.steps(hasClassifier: classifier != nil, options: options)
    var done = 0
    let groups = try grouping.groups.map { group in
      try checkCancellation()
      let before = done
      done += Measures.steps(
        classes: group.tokens.count, hasClassifier: classifier != nil, options: options)
      let chosen = group.tokens.compactMap { places[$0] }
      let counts = chosen.map { selection.table.counts[selection.rows[$0]] }
      let outcome: GroupMeasures.Outcome
      var remarks: [Remark] = []
      do {
        let numbers = try Measures.remarked(
          of: selection.narrowed(to: chosen.map { selection.tokens[$0] }),
          classifier: try classifier?.selecting(chosen),
          decisions: decisions,
          outOfDistribution: outOfDistribution, inputParts: inputParts,
          options: options, progress: { step, _ in progress(before + step, total) },
          checkCancellation: checkCancellation)
        outcome = .measured(numbers.measurements)
        remarks = numbers.remarks
      } catch let error as GeometryError {
        outcome = .unmeasurable(error.diagnosis.summary)
      }
      return GroupMeasures.Group(
        label: group.label, classes: chosen.count, counts: (counts.min() ?? 0)...(counts.max() ?? 0),
        samples: counts.reduce(0, +), outcome: outcome, remarks: remarks)
    }
    self.init(kind: grouping.kind, groups: groups)
  }
}

extension Jackknife {
  /// Gives the measurements of groups the errors that follow from replicates; see ``errors(of:without:)-([Measurement],_)``.
  ///
  /// - Parameter replicates: the same groups without each part; nil if they could not be measured.
  package func errors(of groups: GroupMeasures, without replicates: [GroupMeasures?]) -> GroupMeasures {
    GroupMeasures(
      kind: groups.kind,
      groups: groups.groups.enumerated().map { place, group in
        guard case .measured(let measurements) = group.outcome else { return group }
        let others = replicates.map { replicate -> [Measurement]? in
          guard case .measured(let others)? = replicate?.groups[place].outcome else { return nil }
          return others
        }
        return GroupMeasures.Group(
          label: group.label, classes: group.classes, counts: group.counts, samples: group.samples,
          outcome: .measured(errors(of: measurements, without: others).measurements), remarks: group.remarks)
      })
  }
}
