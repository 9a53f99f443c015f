import Artefacts
import Engine
import Geometry
import Moments
import Report
import Storage
import Support
import Vocabulary

/// Compares two states and writes what was asked for.
struct StateComparer {
  let stage: CompareStage
  let run: StageRun

  /// The most classes listed as those that moved most.
  private static let mostMoved = 50

  func compare(_ a: String, _ b: String) throws -> PrintedResult {
    try AddressSpace.atStart.checkProducts(threads: stage.threads)
    let states = [try StateReader(a), try StateReader(b)]
    let files = run.files["measures"] ?? []
    var need = MemoryNeed()
    need.addFiles(of: stage, measures: files)
    try need.check(stage.memory)
    try check(states, files)
    let list = try stage.tokens.map { try TokenList($0.value) }
    let tokenizer = try stage.tokenizer.map { try Tokenizer($0.value) }
    var filter = stage.filter
    filter.tokens = list?.tokens
    let common = try CommonClasses(states[0], states[1], filter)
    try plan(states, common, tokenizer, files)
    let measures = try ComparedMeasures(files, of: states)
    let relation = StatesRelation(
      states[0].provenance, states[1].provenance, equalCounts: common.areEqual,
      sameSamples: stage.samples.map { $0 == .same }, sameBasis: stage.sameBasis, heads: measures?.heads ?? [])
    try checkBasis(relation, states)
    let sides = try states.map { try read($0, common.tokens) }
    let groupings = try groupings(sides[0], sides[1], common.tokens, tokenizer)
    let meter = run.meter
    meter.setGoal(1 + groupings.reduce(0) { $0 + $1.groups.count })
    let comparison = try StateComparison(
      sides[0], sides[1], relation.relation, groupings: groupings, threads: stage.threads
    ) { meter.update(done: $0) }
    log(comparison, relation, states)
    let provenance = provenance(states, relation, list, tokenizer)
    return try write(comparison, tokenizer, measures, provenance)
  }

  /// The common classes of a state.
  private func read(_ state: StateReader, _ tokens: [Int32]) throws -> ComparedState {
    let (table, counts, m2) = try state.classes(of: tokens)
    return try ErrorInFile.naming(state.name) { try ComparedState(table, counts: counts, m2: m2) }
  }

  /// Refuses one file of measurements, or more than two. Warns of states that may be of other tokenizers.
  private func check(_ states: [StateReader], _ measures: [String]) throws {
    guard [0, 2].contains(measures.count) else {
      throw MomentsError(
        .badState, file: measures.first, expected: "the measurements of both states", found: "\(measures.count) files",
        advice: "name two files of measurements, of the first state and of the second")
    }
    let given = states.filter(\.provenance.vocabularyWasGiven).map(\.provenance.vocabulary).distinct()
    if given.count > 1 {
      run.context.log.warning(
        "\(run.name): vocabularies of \(given[0]) and \(given[1]) tokens; check that both states are of one tokenizer, because classes are matched by token id"
      )
    }
  }

  /// Refuses one basis for states of different dimensions.
  private func checkBasis(_ relation: StatesRelation, _ states: [StateReader]) throws {
    guard relation.basisKnownBy != nil, states[0].dimension != states[1].dimension else { return }
    throw MomentsError(
      .dimensionMismatch, file: states[1].name, position: "attribute dimension",
      expected: "\(states[0].dimension), as in \(states[0].name), for features in one basis",
      found: "\(states[1].dimension)", advice: "leave out same-basis: CKA and Procrustes need no common basis")
  }

  /// Refuses what memory cannot hold, before the means are read, and logs the plan.
  private func plan(_ states: [StateReader], _ common: CommonClasses, _ tokenizer: Tokenizer?, _ measures: [String])
    throws
  {
    let memory = CompareMemory(
      a: .init(states[0]), b: .init(states[1]), hasTokenizer: tokenizer != nil, threads: stage.threads)
    let group = common.largestGroup(bands: stage.bands, type: types(of: tokenizer))
    var need = memory.need(common: common.tokens.count, largestGroup: group)
    need.addFiles(of: stage, measures: measures)
    try need.check(stage.memory, or: CompareMemory.alternatives(stage))
    if let plan = need.plan(stage.memory) { run.context.log.info("\(run.name): \(plan)") }
  }

  /// The type of a token, for a comparison by type.
  private func types(of tokenizer: Tokenizer?) -> ((Int32) -> String?)? {
    tokenizer.flatMap { tokenizer in stage.types ? { tokenizer.type(of: $0)?.rawValue } : nil }
  }

  private func groupings(
    _ a: ComparedState, _ b: ComparedState, _ tokens: [Int32], _ tokenizer: Tokenizer?
  ) throws -> [ClassGrouping] {
    let bands = try stage.bands.map { try StateComparison.bands($0, of: a, b) }
    let types = types(of: tokenizer).map {
      ClassGrouping.types(TokenType.allCases.map(\.rawValue), of: tokens, $0)
    }
    return [bands, types].compactMap(\.self)
  }

  /// Logs which state is which, and what a reader should know.
  private func log(_ comparison: StateComparison, _ relation: StatesRelation, _ states: [StateReader]) {
    let log = run.context.log
    log.info("\(run.name): A is \(states[0].name), B is \(states[1].name)")
    if relation.samplesKnownBy == .counts, relation.sameSamples {
      log.warning(
        "\(run.name): every class has as many samples in both states, so they count as the same samples; if they are not, use samples: different"
      )
    }
    for remark in comparison.remarks { log.info("\(run.name): \(remark.text)") }
  }

  private func provenance(
    _ states: [StateReader], _ relation: StatesRelation, _ list: TokenList?, _ tokenizer: Tokenizer?
  ) -> ComparisonProvenance {
    let sources = states.map { ($0.provenance, $0.checksum) }
    var provenance = ComparisonProvenance(sources[0], sources[1], stage.filter, relation)
    let members: [JSONValue.Member?] = [
      list.map { .init("tokens_checksum", .string($0.checksum)) },
      stage.bands.map { .init("bands", .integer($0)) },
      stage.types ? .init("types", .boolean(true)) : nil,
      tokenizer.map { .init("tokenizer_checksum", .string($0.checksum)) },
    ]
    provenance.groups = members.compactMap { $0 }
    return provenance
  }

  /// Writes the requested files. The comparison holds the checksum of the table, and gets its name last.
  private func write(
    _ comparison: StateComparison, _ tokenizer: Tokenizer?, _ measures: ComparedMeasures?,
    _ provenance: ComparisonProvenance
  ) throws -> PrintedResult {
    let made = provenance.json(of: comparison.classes)
    let table = tokenizer.map { comparison.classes.naming($0, types: true) } ?? comparison.classes
    let moved = table.movedMost(Self.mostMoved)
    var json = comparison.json
    if let measures { json = json.adding(ComparisonView.statistics, measures.json) }
    if !moved.isEmpty { json = json.adding(ComparisonView.moved, .array(moved)) }
    json = json.adding(
      ComparisonView.remarks,
      .array(comparison.remarks.map { .object([.init("id", .string($0.id)), .init("text", .string($0.text))]) }))
    json = json.adding(MeasurementsOrigin.member, made)
    try AtomicFile.writeTogether { files in
      if let classes = stage.classes {
        files.append(try ClassesFile.begin(table, at: classes.value, provenance: made))
      }
      if let output = run.output { files.append(try AtomicFile.begin(output, text: json.text)) }
    }
    return PrintedResult(table: ComparisonView(json: json).table, json: json)
  }
}
