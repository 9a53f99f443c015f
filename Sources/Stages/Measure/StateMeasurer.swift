import Artefacts
import Engine
import Formats
import Geometry
import Moments
import Samples
import Storage
import Support
import Vocabulary

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
    let head = try stage.classifier.map { try openClassifier($0.value, for: selection) }
    let classifier = head?.rows
    if let decided, let head { try check(decided, head.digest) }
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
    let provenance = provenance(of: state, head?.digest, decided, inputs).json(of: measures)
    return try write(measures, groups, inputs.tokenizer, provenance)
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

  /// The rows of the output head for the measured classes, and the identity of the whole head. Logs which array it is.
  private func openClassifier(_ reference: String, for selection: ClassSelection) throws -> (
    rows: Matrix, digest: String
  ) {
    let head = try ClassifierFile(reference, dimension: selection.dimension, rows: stage.classifierRows)
    run.context.log.info("\(run.name): \(head.choice)")
    return try head.rows(of: selection)
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

  /// Checks that the head that is measured made the decisions, as far as their file records it.
  private func check(_ decisions: DecisionsReader, _ head: String) throws {
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

  private func provenance(
    of state: StateReader, _ head: String?, _ decisions: DecisionsReader?, _ inputs: MeasureInputs
  ) -> MeasuresProvenance {
    var provenance = MeasuresProvenance(of: (state.provenance, state.checksum), stage.filter, stage.geometry)
    (provenance.head, provenance.decisions) = (head, decisions.map { ($0.provenance, $0.checksum) })
    provenance.groups = inputs.provenance(stage)
    provenance.outOfDistribution = inputs.outOfDistribution.map { ($0.provenance, $0.checksum) }
    return provenance
  }
}
