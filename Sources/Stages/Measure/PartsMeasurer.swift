import Artefacts
import Engine
import Geometry
import Moments
import Plan
import Samples
import Support

/// Measures the merge of some parts, and again without each of them, for standard errors by jackknife. The same for
/// prefixes of the parts, if asked.
///
/// Classes, bands and types are those of the whole. A class that a part alone has is left out with it.
struct PartsMeasurer {
  let measurer: ClassMeasurer
  let state: MeasuredState
  let merges: LeaveOneOut

  /// The whole with its errors, and more members of the results.
  struct Outcome {
    let whole: ClassMeasurer.Whole
    let source: MeasuresProvenance.Source
    let members: [JSONValue.Member]
  }

  /// The numbers of each prefix of the parts, all of them excluded.
  private var prefixes: [Int] {
    guard let count = measurer.stage.prefixes else { return [] }
    return (1..<count).map { max(state.parts.count * $0 / count, 1) }
  }

  /// - Parameter check: checks whether the merge, with this checksum, fits the other inputs.
  func measure(_ check: (_ checksum: String) throws -> Void) throws -> Outcome {
    let parts = state.parts
    let problem = measurer.stage.problem(parts: parts.count)
    guard problem == nil, let jackknife = Jackknife(sizes: parts.map(\.samples)) else {
      throw PipelineError([problem].compactMap(\.self))
    }
    let alone = try state.classesAlone(state.counts(ofFirst: parts.count), in: measurer.filter)
    let prefixes = try prefixes.map { try Prefix($0, of: self) }
    tell(alone)
    var (whole, source) = try using(merges.whole()) { held in
      try check(held.checksum)
      let whole = try measurer.whole(held) { steps in
        prefixes.reduce(steps * (1 + parts.count)) { $0 + $1.allSteps }
      }
      return (whole, (held.provenance, held.checksum))
    }
    let replicates = try replicates(
      parts.count, Set(whole.tokens), whole.groupings, whole.wholeHead, steps: whole.steps, before: whole.steps)
    let jackknifed = jackknife.errors(of: whole.measures.measurements, without: replicates.map { $0?.numbers })
    whole.measures = whole.measures.replacing(jackknifed.measurements)
    whole.groups = whole.groups.enumerated().map { place, group in
      jackknife.errors(of: group, without: replicates.map { $0?.groups[place] })
    }
    for (reason, ids) in jackknifed.reasons {
      measurer.run.context.log.info(
        "\(measurer.run.name): no standard error for \(ids.joined(separator: ", ")): \(reason)")
    }
    var members = [JSONValue.Member("jackknife", json(alone)), gaps(jackknifed)].compactMap(\.self)
    if measurer.stage.prefixes != nil {
      var before = whole.steps * (1 + parts.count)
      let fewer = try prefixes.map { prefix in
        defer { before += prefix.allSteps }
        return try measure(prefix, whole.wholeHead, before: before)
      }
      let all = PrefixMeasures.Prefix(
        parts: parts.count, samples: parts.reduce(0) { $0 + $1.samples }, classes: whole.tokens.count,
        outcome: .measured(whole.measures.measurements))
      members += PrefixMeasures(fewer + [all]).json
    }
    return Outcome(whole: whole, source: source, members: members)
  }

  /// Passes a state on, and drops it afterwards.
  private func using<Result>(_ held: HeldState, _ body: (HeldState) throws -> Result) rethrows -> Result {
    try body(held)
  }

  /// What is measured of some classes without each of the first parts; nil if they cannot be measured.
  private func replicates(
    _ count: Int, _ tokens: Set<Int32>, _ groupings: [ClassGrouping] = [], _ wholeHead: Matrix?, steps: Int, before: Int
  ) throws -> [ClassMeasurer.Numbers?] {
    var replicates: [ClassMeasurer.Numbers?] = []
    try merges.forEach(ofFirst: count) { part, held in
      let found = try measurer.numbers(
        held.table, ClassFilter(tokens: tokens), groupings, wholeHead: wholeHead,
        name: "\(measurer.name), without \(state.parts[part].name)", before: before + part * steps)
      replicates.append(try? found.get())
      FreedMemory.giveBack()
      measurer.run.meter.update(done: before + (part + 1) * steps)
    }
    return replicates
  }

  private func tell(_ alone: [Int]) {
    let sizes = state.parts.map(\.samples)
    let classes = alone.reduce(0, +)
    measurer.run.context.log.info(
      "\(measurer.run.name): errors by jackknife over \(sizes.count) parts of \(sizes.min() ?? 0) to \(sizes.max() ?? 0) samples; \(classes) of the classes are in one part only"
    )
  }

  /// An object for each part: its number, its samples, and the classes that it alone has.
  private func json(_ alone: [Int]) -> JSONValue {
    .array(
      zip(state.parts, alone).enumerated().map { place, part in
        .object([
          .init("part", .integer(place + 1)), .init("samples", .integer(part.0.samples)),
          .init("classes_alone", .integer(part.1)),
        ])
      })
  }

  /// Which measurements have no error, and why.
  private func gaps(_ jackknifed: Jackknifed) -> JSONValue.Member? {
    let reasons = jackknifed.reasons.map { reason, ids in
      JSONValue.object([.init("ids", .array(ids.map { .string($0) })), .init("reason", .string(reason))])
    }
    return reasons.isEmpty ? nil : .init("no_standard_error", .array(reasons))
  }
}

// MARK: Prefixes

extension PartsMeasurer {
  /// The first parts, to be measured as if they were all.
  private struct Prefix {
    let parts: Int
    let samples: Int
    /// The classes that are measured.
    let tokens: Set<Int32>
    /// Steps of progress, each time it is measured.
    let steps: Int

    init(_ parts: Int, of measurer: PartsMeasurer) throws {
      let filter = measurer.measurer.filter
      let counts = try measurer.state.counts(ofFirst: parts)
      self.parts = parts
      samples = counts.values.reduce(0, +)
      tokens = Set(counts.filter { filter.contains(token: $0.key, count: $0.value) }.keys)
      steps = Measures.steps(
        classes: tokens.count, hasClassifier: measurer.measurer.head != nil, options: measurer.measurer.stage.geometry)
    }

    /// Steps of all times it is measured.
    var allSteps: Int { steps * (parts < Jackknife.fewestParts ? 1 : 1 + parts) }
  }

  private func measure(_ prefix: Prefix, _ wholeHead: Matrix?, before: Int) throws -> PrefixMeasures.Prefix {
    func result(_ outcome: GroupMeasures.Outcome) -> PrefixMeasures.Prefix {
      PrefixMeasures.Prefix(
        parts: prefix.parts, samples: prefix.samples, classes: prefix.tokens.count, outcome: outcome)
    }
    let found = try using(merges.whole(ofFirst: prefix.parts)) { held in
      try measurer.numbers(
        held.table, measurer.filter, wholeHead: wholeHead, name: "\(prefix.parts) parts of \(measurer.name)",
        before: before)
    }
    switch found {
    case .failure(let error): return result(.unmeasurable(error.reason))
    case .success(let found):
      guard let jackknife = Jackknife(sizes: state.parts.prefix(prefix.parts).map(\.samples)) else {
        return result(.measured(found.numbers))
      }
      let replicates = try replicates(
        prefix.parts, prefix.tokens, [], wholeHead, steps: prefix.steps, before: before + prefix.steps)
      let estimated = jackknife.errors(of: found.numbers, without: replicates.map { $0?.numbers })
      return result(.measured(estimated.measurements))
    }
  }
}
