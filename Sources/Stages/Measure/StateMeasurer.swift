import Artefacts
import Engine
import Formats
import Geometry
import Moments
import Samples
import Storage
import Support

/// The result of a measuring stage.
struct MeasureResult: StageResult {
  let measures: Measures
  /// Measures of groups of classes.
  let groups: [GroupMeasures]
  /// The measurements and their provenance.
  let json: JSONValue

  /// Plain text for a terminal.
  var table: String { ([measures.table] + groups.map(\.table)).joined(separator: "\n") }
}

/// Measures a state. Checks for cancellation between tiles of the pair sweep.
struct StateMeasurer {
  let stage: MeasureStage
  let run: StageRun

  /// Measures the state in `file` and writes the requested files; logs why statistics are missing.
  func measure(_ file: String, outOfDistribution foreign: String?) throws -> MeasureResult {
    try AddressSpace.atStart.checkProducts(threads: stage.geometry.threads)
    let state = try StateReader(file)
    let decided = try decided(run.files["decisions"] ?? [], with: state)
    let inputs = try MeasureInputs(stage, outOfDistribution: foreign)
    try checkForeign(inputs.outOfDistribution, with: state)
    let table = try state.table()
    let options = stage.geometry
    var filter = stage.filter
    filter.tokens = inputs.list?.tokens
    let selection = try ErrorInFile.naming(file) { try ClassSelection(table, filter) }
    inputs.warn(run.name, of: table, selection, log: run.context.log)
    let groupings = try inputs.groupings(stage, of: selection, file)
    let head = try classifier(for: selection)
    let classifier = head?.rows
    let decisionsHead = try decisionsHead(decided, head?.digest)
    let mean = try inputs.outOfDistributionMean(for: selection)
    try Task.checkCancellation()
    var done = Measures.steps(classes: selection.tokens.count, options: options)
    let meter = run.meter
    meter.setGoal(groupings.reduce(done) { $0 + $1.steps(options: options) })
    let checkCancellation = { try Task.checkCancellation() }
    let measures = try ErrorInFile.naming(file) {
      try Measures(
        of: selection, classifier: classifier, decisions: decided?.decisions, outOfDistribution: mean, options: options,
        progress: Self.progress(meter, after: 0), checkCancellation: checkCancellation)
    }
    let groups = try groupings.map { grouping in
      let before = done
      done += grouping.steps(options: options)
      return try GroupMeasures(
        of: grouping, in: selection, classifier: classifier, decisions: decided?.decisions, outOfDistribution: mean,
        options: options, progress: Self.progress(meter, after: before), checkCancellation: checkCancellation)
    }
    let members = provenance(of: state, inputs) + made(decided, head?.digest, decisionsHead) + tables(measures)
    return try write(measures, groups, inputs.tokenizer, .object(members))
  }

  /// Reports a sweep's steps, counted after the `before` steps already done.
  private static func progress(_ meter: Meter, after before: Int) -> @Sendable (Int, Int) -> Void {
    { done, _ in meter.update(done: before + done) }
  }

  /// Writes the requested files.
  private func write(
    _ measures: Measures, _ groups: [GroupMeasures], _ tokenizer: Tokenizer?, _ provenance: JSONValue
  ) throws -> MeasureResult {
    let json = groups.reduce(measures.json) { $0.adding($1.kind.rawValue, $1.json) }.adding("provenance", provenance)
    let place = stage.moments?.place ?? .option("moments")
    for remark in measures.remarks { run.context.log.info("\(run.name): \(remark.text(at: place))") }
    if let output = run.output { try AtomicFile.write(output, text: json.text) }
    if let classes = stage.classes {
      let table = tokenizer.map { measures.classes.naming($0, types: true) } ?? measures.classes
      try ClassesFile.write(table, to: classes.value, provenance: provenance)
    }
    if let histograms = stage.histograms { try AtomicFile.write(histograms.value, text: measures.histograms.csv) }
    return MeasureResult(measures: measures, groups: groups, json: json)
  }

  /// The rows of the output head for the measured classes, and the identity of the whole head.
  private func classifier(for selection: ClassSelection) throws -> (rows: Matrix, digest: String)? {
    guard let reference = stage.classifier else { return nil }
    let head = try ClassifierFile(reference.value)
    try ErrorInFile.naming(reference.value) { try selection.checkHead(rows: head.rows, columns: head.columns) }
    let (rows, digest) = try head.rows(of: selection.tokens)
    guard let bad = rows.elements.firstIndex(where: { !$0.isFinite }) else { return (rows, digest) }
    throw StreamError(
      .nonfinite, file: reference.value, position: "row \(selection.tokens[bad / rows.columns])",
      expected: "finite numbers", found: "\(rows.elements[bad])",
      advice: "use the output head of a model whose training did not diverge")
  }

  /// Checks that out-of-distribution samples are of the same model, as far as their state records it.
  private func checkForeign(_ foreign: StateReader?, with state: StateReader) throws {
    guard let foreign else { return }
    try StatesOfOneModel.checkVocabularies([state, foreign])
    for warning in StatesOfOneModel.warnings([state, foreign]) { run.context.log.warning("\(run.name): \(warning)") }
  }

  /// The decisions in a file, which must have been made with this state.
  private func decided(_ files: [String], with state: StateReader) throws -> DecisionsReader? {
    if files.isEmpty { return nil }
    let file = try files.only(
      "file of decisions", of: run.name, stage.decisions?.place ?? .option("decisions"),
      advice: "measure with one, or merge them first")
    let decisions = try DecisionsReader(file)
    guard decisions.provenance.momentsChecksum == state.checksum else {
      throw MomentsError(
        .decisionsMismatch, file: file, position: "attribute moments_checksum",
        expected: "\(state.checksum), the checksum of \(state.name)", found: decisions.provenance.momentsChecksum,
        advice: "decide again with these moments")
    }
    return decisions
  }

  /// The head that made the decisions, which must be the one that is measured. Nil without decisions, or if their file
  /// does not record it.
  private func decisionsHead(_ decisions: DecisionsReader?, _ head: String?) throws -> String? {
    guard let decisions else { return nil }
    let made = decisions.provenance
    guard let head else {
      return made.classifierChecksum == DecisionsProvenance.predictions ? made.classifierChecksum : made.headDigest
    }
    switch made.match(head) {
    case .same: return head
    case .predictions:
      run.context.log.info(
        "\(run.name): NC4 is of the predictions in the stream, NC3 of the classifier; check that both are of one model")
      return DecisionsProvenance.predictions
    case .unknown:
      run.context.log.warning(
        "\(run.name): \(decisions.name), of release 0.1.0, does not record its output head; check that it is \(stage.classifier?.value ?? ""), or decide again"
      )
      return nil
    case .other:
      throw MomentsError(
        .decisionsMismatch, file: decisions.name, position: "attribute head_digest",
        expected: "\(head), the digest of \(stage.classifier?.value ?? "")", found: made.headDigest ?? "none",
        advice:
          "decide again with this classifier, or name the one that made the decisions; a copy in another type fits if its numbers are equal"
      )
    }
  }

  /// The provenance of the measurements, by content: equal inputs and options give equal bytes, wherever the files are.
  private func provenance(of state: StateReader, _ inputs: MeasureInputs) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("tool", .string("collapse \(collapseVersion)")),
      .init("samples_digest", .string(state.provenance.samplesDigest)),
      .init(MeasurementsOrigin.state, .string(state.checksum)),
      .init("skipped_nonfinite", .integer(state.provenance.skipped)),
      .init("min_count", .integer(stage.filter.minCount)),
      .init("global_mean", .string(stage.geometry.globalMean.rawValue)),
    ]
    if let sampling = stage.geometry.sampling {
      members += [.init("sampled_pairs", .integer(sampling.pairs)), .init("seed", .integer(sampling.seed))]
    }
    return members + inputs.provenance(stage)
  }

  /// Provenance of the classifier and the decisions.
  private func made(
    _ decisions: DecisionsReader?, _ head: String?, _ decisionsHead: String?
  ) -> [JSONValue.Member] {
    let members = [
      (MeasurementsOrigin.head, head), (MeasurementsOrigin.decisions, decisions?.checksum),
      (MeasurementsOrigin.decisionsHead, decisionsHead),
    ]
    return members.compactMap { name, text in text.map { .init(name, .string($0)) } }
  }

  /// The identity of the tables that belong to the measurements, whether they are written or not.
  private func tables(_ measures: Measures) -> [JSONValue.Member] {
    let histograms = Checksum()
    histograms.update(measures.histograms.csv)
    return [
      .init(MeasurementsOrigin.classes, .string(measures.classes.digest)),
      .init(MeasurementsOrigin.histograms, .string(histograms.value)),
    ]
  }
}
