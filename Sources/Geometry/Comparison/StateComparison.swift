import Support

/// Two states, A and B, compared over the classes that both have: as a whole, class by class, and in groups of classes.
package struct StateComparison: Sendable {
  /// How the two states relate.
  package struct Relation: Sendable, Equatable {
    /// Whose samples they are of: that decides which noise is common to both.
    package var samples: Samples
    /// Whether the features of both are in one basis, so that vectors of one can be compared with those of the other.
    package var sameBasis: Bool

    package init(samples: Samples, sameBasis: Bool) { (self.samples, self.sameBasis) = (samples, sameBasis) }

    package enum Samples: String, Sendable {
      case same, different
      /// The samples of one are some of those of the other.
      case aWithinB = "a_within_b"
      case bWithinA = "b_within_a"
    }
  }

  /// Some of the common classes, and their measurements as if only they had been selected.
  package struct Group: Sendable {
    package let label: JSONValue
    /// Smallest and largest sum of n_c in both states.
    package let counts: ClosedRange<Int>
    package let measurements: [Measurement]
  }

  package let relation: Relation
  /// In the order of ``ComparisonEntries``.
  package let measurements: [Measurement]
  package let a: [Measurement]
  package let b: [Measurement]
  package let groups: [(kind: ClassGrouping.Kind, groups: [Group])]
  /// One row per common class.
  package let classes: ClassTable
  package let remarks: [ComparisonRemark]

  /// Compares two states with the same classes.
  ///
  /// - Parameters:
  ///   - groupings: how to group the classes.
  ///   - progress: is called after all classes and after each group, with the number done.
  /// - Throws: ``GeometryError``, `OutOfMemory` and `CancellationError`.
  /// - Precondition: both states have the same tokens; in one basis, also the same dimension.
  /// - Complexity: O(K·d_A·d_B + d³) time for all classes and for each group.
  package init(
    _ a: ComparedState, _ b: ComparedState, _ relation: Relation, groupings: [ClassGrouping] = [], threads: Int = 1,
    progress: (_ done: Int) -> Void = { _ in }
  ) throws {
    let whole = try Part(a, b, relation, threads: threads)
    (self.relation, self.a, self.b) = (relation, a.measurements, b.measurements)
    measurements = whole.measurements
    classes = ClassTable(a, b, whole.movements)
    remarks = ComparisonRemark.remarks(on: whole, a, b, relation)
    let places = Dictionary(zip(a.means.tokens, a.means.tokens.indices)) { first, _ in first }
    var done = 1
    progress(done)
    groups = try groupings.map { grouping in
      let groups = try grouping.groups.map { group in
        let rows = group.tokens.compactMap { places[$0] }
        let part = try Part(a.narrowed(to: rows), b.narrowed(to: rows), relation, threads: threads)
        let counts = Self.counts(a, b, rows)
        done += 1
        progress(done)
        return Group(
          label: group.label, counts: (counts.min() ?? 0)...(counts.max() ?? 0), measurements: part.measurements)
      }
      return (grouping.kind, groups)
    }
  }

  /// n_c of both states together.
  private static func counts(_ a: ComparedState, _ b: ComparedState, _ rows: [Int]) -> [Int] {
    rows.map { row in
      let (sum, overflow) = a.means.counts[row].addingReportingOverflow(b.means.counts[row])
      return overflow ? .max : sum
    }
  }

  /// Frequency bands of the common classes, by their samples in both states together. Throws ``GeometryError``.
  package static func bands(_ count: Int, of a: ComparedState, _ b: ComparedState) throws -> ClassGrouping {
    try .bands(count, of: a.means.tokens, counts: counts(a, b, Array(a.means.tokens.indices)))
  }

  /// The measurement with that id.
  package subscript(id: String) -> Measurement? { measurements.first { $0.id == id } }
}

extension StateComparison {
  /// The measurements of some classes.
  struct Part {
    let measurements: [Measurement]
    let similarity: MeansSimilarity?
    let movements: ClassMovements?

    init(_ a: ComparedState, _ b: ComparedState, _ relation: Relation, threads: Int) throws {
      typealias Entries = ComparisonEntries
      let (k, one, two) = (Double(a.means.classes), Double(a.means.dimension), Double(b.means.dimension))
      similarity = try MeansSimilarity(a, b, threads: threads)
      let reason = similarity == nil ? Self.whyUndefined(a, b) : nil
      var measurements: [Measurement] = [
        Measurement(Entries.classes, .count(a.means.classes)),
        .scalar(Entries.cka, similarity?.cka, reason: reason),
        .scalar(Entries.floor, one == two ? one / (k + one) : (one / (k + one) * (two / (k + two))).squareRoot()),
        .scalar(Entries.shuffled, similarity?.shuffledCKA, reason: reason),
        .scalar(Entries.procrustes, similarity?.procrustesDistance, reason: reason),
      ]
      movements = relation.sameBasis ? ClassMovements(a, b, relation.samples) : nil
      if let movements {
        let unknown = "no class of one state has two samples, so nothing is known about noise"
        measurements += [
          Measurement(Entries.cosine, .overClasses(ClassSummary(movements.cosines)), reason: reason),
          .overClasses(Entries.distance, movements.squaredDistances),
        ]
        if relation.samples != .same {
          let values = movements.corrected ?? []
          measurements.append(
            Measurement(
              Entries.corrected, .overClasses(ClassSummary(values, noiseOnly: values.count { $0 <= 0 })),
              reason: movements.corrected == nil ? unknown : nil))
        }
        measurements.append(.scalar(Entries.shift, movements.squaredShift))
      }
      self.measurements = measurements
    }

    private static func whyUndefined(_ a: ComparedState, _ b: ComparedState) -> String {
      guard a.means.classes > 1 else { return "they compare classes, and there is only one" }
      return "all class means of \(a.means.differ ? "B" : b.means.differ ? "A" : "both states") agree within rounding"
    }
  }
}
