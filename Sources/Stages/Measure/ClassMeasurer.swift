import Artefacts
import Engine
import Formats
import Geometry
import Moments
import Samples
import Support

/// Measures classes with the options and inputs of one stage, perhaps several times. Checks for cancellation between
/// tiles of the pair sweep.
struct ClassMeasurer {
  let stage: MeasureStage
  let run: StageRun
  let inputs: MeasureInputs
  let decided: MeasuredDecisions?
  let head: ClassifierFile?
  /// Its name in messages.
  let name: String

  /// What is measured of all samples.
  struct Whole {
    var measures: Measures
    var groups: [GroupMeasures]
    let groupings: [ClassGrouping]
    /// The measured classes.
    let tokens: [Int32]
    /// The identity of the output head.
    let head: String?
    /// Σ w wᵀ over all rows of it, for spectra.
    let wholeHead: Matrix?
    /// Steps of progress.
    let steps: Int
  }

  /// Which classes are measured.
  var filter: ClassFilter {
    var filter = stage.filter
    filter.tokens = inputs.list?.tokens
    return filter
  }

  /// Measures everything, and logs what is doubtful.
  ///
  /// - Parameter goal: the steps of all work, given those of this.
  func whole(_ held: HeldState, goal: (_ steps: Int) -> Int) throws -> Whole {
    let (options, table) = (stage.geometry, held.table)
    let selection = try ErrorInFile.naming(name) { try ClassSelection(table, filter) }
    inputs.warn(run.name, of: table, selection, log: run.context.log)
    let groupings = try inputs.groupings(stage, of: selection, name)
    if let head { run.context.log.info("\(run.name): \(head.choice)") }
    var gram = options.hasSpectra ? HeadGram(threads: options.threads) : nil
    let hasClassifier = self.head != nil
    let head = try head?.rows(of: selection) { try gram?.add($0) }
    if let row = gram?.badRow {
      run.context.log.warning(
        "\(run.name): the spectrum of the whole head is left out: row \(row) of it is not finite, or too long")
    }
    if let decided, let head { try check(decided, head.digest) }
    let foreign = try inputs.outOfDistributionMeans(for: selection, stage.oodMean)
    var inputParts = InputParts()
    if let decided { inputParts.take(decisions: decided.parts) }
    if let foreign { inputParts.take(outOfDistribution: foreign.parts) }
    try Task.checkCancellation()
    var done = Measures.steps(
      classes: selection.tokens.count, hasClassifier: hasClassifier, options: options)
    let steps = groupings.reduce(done) { $0 + $1.steps(hasClassifier: hasClassifier, options: options) }
    run.meter.setGoal(goal(steps))
    let measures = try ErrorInFile.naming(name) {
      try Measures(
        of: selection, classifier: head?.rows, wholeHead: gram?.matrix, decisions: decided?.decisions,
        outOfDistribution: foreign?.whole, inputParts: inputParts, minCounts: MinCountMeasures.standard,
        spreads: held.spreads, options: options, progress: progress(after: 0),
        checkCancellation: Self.checkCancellation)
    }
    let groups = try groupings.map { grouping in
      let before = done
      done += grouping.steps(hasClassifier: hasClassifier, options: options)
      return try GroupMeasures(
        of: grouping, in: selection, classifier: head?.rows, decisions: decided?.decisions,
        outOfDistribution: foreign?.whole, inputParts: inputParts, options: options, progress: progress(after: before),
        checkCancellation: Self.checkCancellation)
    }
    return Whole(
      measures: measures, groups: groups, groupings: groupings, tokens: selection.tokens, head: head?.digest,
      wholeHead: gram?.matrix, steps: steps)
  }

  /// The numbers of some classes, and of groups of them, without NC4; nil if they cannot be measured, with the reason.
  ///
  /// - Parameters:
  ///   - wholeHead: that of the whole; the head does not depend on the samples.
  ///   - before: steps done before.
  func numbers(
    _ table: MomentsTable, _ filter: ClassFilter, _ groupings: [ClassGrouping] = [], wholeHead: Matrix?, name: String,
    before: Int
  ) throws -> Result<Numbers, Unmeasurable> {
    let options = stage.geometry
    let selection: ClassSelection
    do {
      selection = try ClassSelection(table, filter)
    } catch let error as GeometryError {
      switch error {
      case .noClasses: return .failure(Unmeasurable(reason: error.diagnosis.summary))
      default: return try ErrorInFile.naming(name) { throw error }
      }
    }
    return try ErrorInFile.naming(name) {
      let rows = try head?.rows(of: selection).rows
      var done = before
      let numbers = try Measures.numbers(
        of: selection, classifier: rows, wholeHead: wholeHead, options: options, progress: progress(after: done),
        checkCancellation: Self.checkCancellation)
      done += Measures.steps(
        classes: selection.tokens.count, hasClassifier: head != nil, options: options)
      let groups = try groupings.map { grouping in
        defer { done += grouping.steps(hasClassifier: head != nil, options: options) }
        return try GroupMeasures(
          of: grouping, in: selection, classifier: rows, options: options, progress: progress(after: done),
          checkCancellation: Self.checkCancellation)
      }
      return .success(Numbers(numbers: numbers, groups: groups))
    }
  }

  /// What is measured without tables.
  struct Numbers {
    let numbers: [Measurement]
    let groups: [GroupMeasures]
  }

  /// Why classes cannot be measured.
  struct Unmeasurable: Error { let reason: String }

  private static func checkCancellation() throws { try Task.checkCancellation() }

  /// Reports a sweep's steps, counted after the `before` steps already done.
  private func progress(after before: Int) -> @Sendable (Int, Int) -> Void {
    { [meter = run.meter] done, _ in meter.update(done: before + done) }
  }

  /// Checks that the head that is measured made the decisions, as far as their file records it.
  private func check(_ decisions: MeasuredDecisions, _ head: String) throws {
    let reference = stage.classifier?.value ?? ""
    switch decisions.provenance.match(head) {
    case .same: return
    case .predictions:
      run.context.log.info(
        "\(run.name): NC4 is of the predictions in the stream, NC3 of the classifier; check that both are of one model")
    case .unknown:
      run.context.log.warning(
        "\(run.name): \(decisions.name), of release 0.1.0, does not record its output head; check that it is \(reference), or decide again"
      )
    case .other:
      throw MomentsError(
        .decisionsMismatch, file: decisions.name, position: "attribute head_digest",
        expected: "\(head), the digest of \(reference)", found: decisions.provenance.headDigest ?? "none",
        advice:
          "decide again with this classifier, or name the one that made the decisions; a copy in another type fits if its numbers are equal"
      )
    }
  }
}
