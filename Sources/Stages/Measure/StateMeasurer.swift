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

/// Measures a state, or the merge of its parts.
struct StateMeasurer {
  let stage: MeasureStage
  let run: StageRun

  /// Measures the state in a file, or that of several parts, and writes the requested files. Logs remarks on
  /// the numbers.
  func measure(_ files: [String], outOfDistribution foreign: [String]) throws -> MeasureResult {
    try AddressSpace.atStart.checkProducts(threads: stage.geometry.threads)
    let state = try MeasuredState(files)
    var need = MemoryNeed()
    need.addFiles(of: stage)
    try need.check(stage.memory)
    let inputs = try MeasureInputs(stage, outOfDistribution: foreign)
    let merging = try plan(state, inputs)
    let decided = try decided(run.files["decisions"] ?? [])
    for warning in state.warnings + (decided?.warnings ?? []) { run.context.log.warning("\(run.name): \(warning)") }
    try checkForeign(inputs.outOfDistribution, with: state)
    let head = try stage.classifier.map {
      try ClassifierFile($0.value, dimension: state.dimension, rows: stage.classifierRows)
    }
    let measurer = ClassMeasurer(
      stage: stage, run: run, inputs: inputs, decided: decided, head: head, name: state.name)
    func check(_ checksum: String) throws { if let decided { try self.check(decided, checksum, of: state) } }
    guard let merging else {
      try check(state.all[0].checksum)
      let held = try HeldState(reading: state.all[0])
      let whole = try measurer.whole(held) { $0 }
      let provenance = provenance(of: (held.provenance, held.checksum), whole.head, decided, inputs)
      return try write(whole, [], inputs.tokenizer, provenance.json(of: whole.measures))
    }
    let output = run.output
    let merges = try LeaveOneOut(
      state.all, plan: merging,
      scratch: output.map { run.context.spill(stage.scratch, $0) } ?? stage.scratch?.value ?? run.context.spill
        ?? TemporaryFile.directory,
      for: output, workers: WorkerThreads(stage.geometry.threads)
    ) { try Task.checkCancellation() }
    let found = try PartsMeasurer(measurer: measurer, state: state, merges: merges).measure(check)
    let provenance = provenance(of: found.source, found.whole.head, decided, inputs)
    return try write(found.whole, found.members, inputs.tokenizer, provenance.json(of: found.whole.measures))
  }

  /// Refuses what memory cannot hold, before the means are read, and logs the plan. Returns how to merge parts, for
  /// errors.
  private func plan(_ state: MeasuredState, _ inputs: MeasureInputs) throws -> MergePlan? {
    let counts = try state.counts(ofFirst: state.parts.count)
    var filter = stage.filter
    filter.tokens = inputs.list?.tokens
    let chosen = counts.filter { filter.contains(token: $0.key, count: $0.value) }
    let selected = chosen.keys
    let bands = stage.bands.map { (selected.count + $0 - 1) / $0 }
    let types = inputs.tokenizer.flatMap { tokenizer in
      stage.types ? Dictionary(grouping: selected) { tokenizer.type(of: $0) }.values.map(\.count).max() : nil
    }
    let memory = MeasureMemory(
      dimension: state.dimension, keepsLowParts: state.keepsLowParts, within: state.within,
      hasClassifier: stage.classifier != nil, hasTokenizer: inputs.tokenizer != nil,
      options: stage.geometry, moments: state.moments)
    var need = memory.need(
      classes: counts.count, selected: selected.count, largestGroup: [bands, types].compactMap(\.self).max(),
      threshold: MinCountMeasures.mostClasses(Array(chosen.values)))
    let decisions = run.files["decisions"] ?? []
    var kept = MemoryNeed()
    try kept.addInputs(of: stage, decisions: decisions)
    try need.addInputs(of: stage, decisions: decisions)
    let merging = try stage.errors.map { _ in
      try memory.merging(state.all.count, classes: counts.count, kept: kept, &need)
    }
    try need.check(stage.memory, or: MeasureMemory.alternatives(stage))
    if let plan = need.plan(stage.memory) { run.context.log.info("\(run.name): \(plan)") }
    return merging
  }

  /// Writes the requested files. The measurements hold checksums of the tables, and get their name last.
  private func write(
    _ whole: ClassMeasurer.Whole, _ members: [JSONValue.Member], _ tokenizer: Tokenizer?, _ provenance: JSONValue
  ) throws -> MeasureResult {
    let (measures, groups) = (whole.measures, whole.groups)
    let more = groups.map { JSONValue.Member($0.kind.rawValue, $0.json) } + members + [.init("provenance", provenance)]
    let json = more.reduce(measures.json) { $0.adding($1.key, $1.value) }
    let remarks = stage.remarks.lines(
      measures.remarks.map { $0.text(at: stage.place) }, more: "\(stage.place.example("remarks", "all")) shows them")
    for remark in remarks { run.context.log.info("\(run.name): \(remark)") }
    try AtomicFile.writeTogether { files in
      if let classes = stage.classes {
        let table = tokenizer.map { measures.classes.naming($0, types: true) } ?? measures.classes
        files.append(try ClassesFile.begin(table, at: classes.value, provenance: provenance))
      }
      if let histograms = stage.histograms {
        files.append(try AtomicFile.begin(histograms.value, text: measures.histograms.csv))
      }
      if let eigenvalues = stage.eigenvalues {
        files.append(try AtomicFile.begin(eigenvalues.value, text: SpectrumCSV.text(measures.spectra)))
      }
      if let output = run.output { files.append(try AtomicFile.begin(output, text: json.text)) }
    }
    return MeasureResult(measures: measures, groups: groups, json: json)
  }

  /// Checks that out-of-distribution samples are of the same model, as far as their states record it.
  private func checkForeign(_ foreign: [StateReader], with state: MeasuredState) throws {
    guard !foreign.isEmpty else { return }
    try StatesOfOneModel.checkVocabularies(state.all + foreign)
    let warnings = StatesOfOneModel.warnings([state.all[0]] + foreign)
    for warning in warnings { run.context.log.warning("\(run.name): \(warning)") }
  }

  /// The decisions in a file, or those of parts if errors are asked for.
  private func decided(_ files: [String]) throws -> MeasuredDecisions? {
    if stage.errors == nil, !files.isEmpty {
      _ = try files.only(
        "file of decisions", of: run.name, stage.decisions.first?.place ?? .option("decisions"),
        advice: "measure with one, or merge them first")
    }
    return try MeasuredDecisions(files)
  }

  /// Checks that decisions were made with the state of this checksum.
  private func check(_ decided: MeasuredDecisions, _ checksum: String, of state: MeasuredState) throws {
    let found = decided.provenance.momentsChecksum
    guard found != checksum else { return }
    let isMerged = state.all.count > 1
    throw MomentsError(
      .decisionsMismatch, file: decided.name, position: "attribute moments_checksum",
      expected: "\(checksum), the checksum of \(isMerged ? "the merge of " : "")\(state.name)", found: found,
      advice: isMerged ? "decide again with the merge of these states" : "decide again with these moments")
  }

  private func provenance(
    of state: MeasuresProvenance.Source, _ head: String?, _ decisions: MeasuredDecisions?, _ inputs: MeasureInputs
  ) -> MeasuresProvenance {
    var provenance = MeasuresProvenance(of: state, stage.filter, stage.geometry)
    (provenance.head, provenance.decisions) = (head, decisions.map { ($0.provenance, $0.checksum) })
    provenance.groups = inputs.provenance(stage)
    provenance.oodMean = stage.oodMean
    if let errors = stage.errors { provenance.groups.append(.init("errors", .string(errors.rawValue))) }
    let foreign = inputs.outOfDistribution
    if !foreign.isEmpty {
      provenance.outOfDistribution = (
        foreign.count == 1 ? foreign[0].provenance : Provenance(merging: foreign.map(\.provenance)),
        MergeTree.digest(foreign.map(\.checksum))
      )
    }
    return provenance
  }
}
