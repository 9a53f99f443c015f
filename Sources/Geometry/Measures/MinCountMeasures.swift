import Samples
import Support

/// The measurements of the classes with at least so many samples, for growing numbers: what rare classes do to each.
///
/// A threshold has the values that `measure --min-count` gives for it, of the statistics whose entry is
/// ``StatisticEntry/overMinCount``. CDNV does not depend on the global mean, so the one sweep over pairs serves all
/// thresholds. Statistics that need a sweep of their own have one while these visit a fifth of all pairs, beginning with
/// the fewest classes; beyond that they are left out.
///
/// - Thresholds below the min-count of the selection are left out.
/// - Complexity: O(K·d²) time per threshold, and a fifth of the sweep.
package struct MinCountMeasures: Sendable, Equatable {
  /// The classes with at least some number of samples.
  package struct Threshold: Sendable, Equatable {
    package let minCount: Int
    package let classes: Int
    /// Σ n_c of them.
    package let samples: Int
    package let outcome: GroupMeasures.Outcome
    /// Statistics that all classes have, and these lack.
    package let leftOut: [String]
  }

  package let thresholds: [Threshold]

  /// The numbers of samples from which classes are measured.
  package static let standard = [1, 2, 5, 10, 20, 50]

  /// The member of results that holds it.
  package static var member: String { "by_min_count" }

  /// The classes of the largest threshold that leaves some out; 0 if all thresholds keep all classes.
  package static func mostClasses(_ counts: [Int]) -> Int {
    standard.map { minCount in counts.count { $0 >= minCount } }.filter { $0 < counts.count }.max() ?? 0
  }

  /// An array with one object per threshold: `min_count`, `classes`, `samples`, and `measures`, an object of the
  /// statistics. If they cannot be measured, `measures` is `null` and `reason` says why. `left_out` says which
  /// statistics are missing, and why.
  package var json: JSONValue { .array(thresholds.map(\.json)) }
}

extension MinCountMeasures.Threshold {
  private static let why = "needs its own sweep over pairs of classes; measure with this min-count has it"

  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("min_count", .integer(minCount)), .init("classes", .integer(classes)), .init("samples", .integer(samples)),
    ]
    switch outcome {
    case .measured(let measurements): members.append(.init("measures", measurements.json))
    case .unmeasurable(let reason): members += [.init("measures", .null), .init("reason", .string(reason))]
    }
    if !leftOut.isEmpty { members.append(.init("left_out", .object(leftOut.map { .init($0, .string(Self.why)) }))) }
    return .object(members)
  }
}

extension MinCountMeasures {
  /// What is measured with the moments.
  struct Inputs {
    private let classifier: Matrix?
    private let decisions: Decisions?
    private let outOfDistribution: OutOfDistributionMean?
    private let parts: InputParts
    let options: GeometryOptions

    /// Those that were measured for all classes.
    init(_ geometry: ClassGeometry, _ parts: InputParts, _ options: GeometryOptions) {
      (classifier, decisions) = (geometry.classifier, geometry.decisions)
      (outOfDistribution, self.parts, self.options) = (geometry.outOfDistribution, parts, options)
    }

    /// The measurements that are followed over min-count, of some of the classes.
    fileprivate func measure(
      _ selection: ClassSelection, _ chosen: [Int], pairs: (CentredMeans) throws -> PairSweep?
    ) throws -> [Measurement] {
      var geometry = try ClassGeometry(
        selection, classifier: classifier?.selecting(chosen), decisions: decisions,
        outOfDistribution: outOfDistribution, options: options)
      geometry.pairs = try pairs(geometry.means)
      let found = try Statistics.overMinCount.flatMap { [geometry] in try $0.measure(geometry) }
      return try parts.errors(of: found.filter(\.entry.overMinCount), geometry)
    }
  }

  /// Measures each threshold of a plan.
  ///
  /// - Parameters:
  ///   - whole: the measurements of all classes of the selection.
  ///   - cdnv: by level, from the sweep over all pairs; empty if that was over a sample.
  init(
    _ plan: MinCountPlan, whole: [Measurement], cdnv: [PairAccumulator], _ inputs: Inputs,
    checkCancellation: () throws -> Void
  ) throws {
    let followed = whole.filter(\.entry.overMinCount)
    var budget = inputs.options.sampling == nil ? MinCountPlan.pairsToVisit(classes: plan.counts.count) : 0
    var measured: [Threshold] = []
    for minCount in plan.minCounts.reversed() {
      try checkCancellation()
      let chosen = plan.classes(from: minCount)
      var (outcome, leftOut): (GroupMeasures.Outcome, [String])
      if chosen.count == plan.counts.count {
        (outcome, leftOut) = (.measured(followed), [])
      } else if let last = measured.last, last.classes == chosen.count {
        (outcome, leftOut) = (last.outcome, last.leftOut)
      } else if chosen.count < 2 {
        let found = chosen.isEmpty ? "no class has" : "only one class has"
        (outcome, leftOut) = (.unmeasurable("\(found) \(minCount) samples or more; statistics compare classes"), [])
      } else {
        let pairs = Double(chosen.count) * Double(chosen.count) / 2
        let isSwept = pairs <= budget
        if isSwept { budget -= pairs }
        let ofLevel = plan.level(of: minCount).flatMap { $0 <= cdnv.count ? PairSweep(cdnv: cdnv[$0 - 1]) : nil }
        do {
          let found = try inputs.measure(plan.selection.atLeast(minCount), chosen) { means in
            isSwept
              ? try PairSweep(means, threads: inputs.options.threads, checkCancellation: checkCancellation)
              : ofLevel
          }
          outcome = .measured(found)
          leftOut = followed.filter { $0.isComplete && $0.needsPairs }.map(\.id)
            .filter { id in !found.contains { $0.id == id && $0.isComplete } }
        } catch let error as GeometryError {
          (outcome, leftOut) = (.unmeasurable(error.diagnosis.summary), [])
        }
      }
      let samples = chosen.reduce(0) { $0 + plan.counts[$1] }
      measured.append(
        Threshold(minCount: minCount, classes: chosen.count, samples: samples, outcome: outcome, leftOut: leftOut))
    }
    thresholds = measured.reversed()
  }
}

extension Measurement {
  /// Whether it is made from pairs of classes.
  fileprivate var needsPairs: Bool { Statistics.overPairs.contains { $0.id == id } }

  /// Whether the headline number, or else the first, has a value.
  fileprivate var isComplete: Bool { (entry.headline?.part ?? entry.shape.parts.first).flatMap(number) != nil }
}
