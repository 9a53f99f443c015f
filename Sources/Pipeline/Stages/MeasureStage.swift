import Embeddings
import Geometry
import Moments
import Streams

/// `measure`: every statistic of moments, and of a classifier where one is given.
public struct MeasureStage: StageKind, ArtefactStage {
  public static let name = "measure"
  public static let summary = "every statistic of neural collapse, from moments and a classifier"
  public static let product = Product.measures
  public static let fileExtension: String? = "json"
  public static let options = [
    OptionSpec("moments", "the state file, or the stage that makes it", required: true),
    OptionSpec("classifier", "the output head: file.safetensors#tensor, file.h5#dataset or file.npy; for NC3"),
    OptionSpec("decisions", "the decisions file on unseen samples, or the stage that makes it; for nc4"),
    OptionSpec("min-count", "samples a class must have to be measured; by default 1"),
    OptionSpec("global-mean", "the mean of class means: unweighted, or weighted by their samples"),
    OptionSpec("threads", "threads of the sweep over pairs; by default what the job was given"),
    OptionSpec("output", "where to write the measurements (JSON)"),
    OptionSpec("classes", "where to write the table of token classes (CSV)"),
  ]

  let moments: Located<String>?
  let classifier: Located<String>?
  let decisions: Located<String>?
  let geometry: GeometryOptions
  public let output: Located<String>?
  let classes: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    moments = decoder.located("moments")
    classifier = decoder.located("classifier")
    decisions = decoder.located("decisions")
    geometry = GeometryOptions(
      minCount: decoder.count("min-count") ?? 1, globalMean: decoder.choice("global-mean", GlobalMean.unweighted),
      threads: decoder.count("threads") ?? Allowance.threads)
    output = decoder.located("output")
    classes = decoder.located("classes")
  }

  public var references: [StageReference] {
    [
      moments.map { StageReference("moments", $0, needs: .moments) },
      decisions.map { StageReference("decisions", $0, needs: .decisions) },
    ].compactMap(\.self)
  }
  public var outputs: [Located<String>] { [output, classes].compactMap { $0 } }
  public var inputFiles: [String] { classifier.map { [TensorReference($0.value).file] } ?? [] }

  static let progressUnit = "tiles"

  func run(_ run: StageRun) async throws -> Measured? {
    let files = run.files["moments"] ?? []
    guard let file = files.first, files.count == 1 else {
      throw PipelineError([
        Problem(
          moments?.place ?? .option("moments"), "expected one state for “\(run.name)”, found \(files.count)",
          advice: "measure one state, or merge them first")
      ])
    }
    return try await Measuring(self, name: run.name, meter: run.meter).run(
      file, decisions: run.files["decisions"] ?? [], output: run.output)
  }

  public func check(_ problems: inout [Problem]) {
    guard let classifier else { return }
    do {
      _ = try InputFiles.expand([TensorReference(classifier.value).file])
    } catch let error as any DiagnosedError {
      problems.append(Problem(classifier.place, error))
    } catch {}
  }
}

/// What a measuring stage made.
struct Measured: Sendable {
  let measures: Measures
  /// What was measured, and what made it.
  let json: JSONValue
}

/// Measures a state. Answers cancellation between tiles of the sweep over pairs.
actor Measuring {
  private let stage: MeasureStage
  private let name: String
  private let meter: Meter
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: MeasureStage, name: String, meter: Meter) {
    self.stage = stage
    self.name = name
    self.meter = meter
    executor = DedicatedExecutor("measure.\(name)")
  }

  /// Measures the state in `file` and writes what was asked for, `output` (JSON) among it.
  func run(_ file: String, decisions: [String], output: String?) throws -> Measured {
    let state = try StateReader(file)
    let decisions = try decided(decisions, with: state)
    let table = try state.table()
    let selection = try ErrorInFile.naming(file) { try ClassSelection(table, minCount: stage.geometry.minCount) }
    let classifier = try classifier(for: selection)
    try Task.checkCancellation()
    let measures = try ErrorInFile.naming(file) { [meter] in
      try NeuralCollapse.measure(
        table, classifier: classifier, decisions: decisions?.decisions, options: stage.geometry
      ) { done, total in
        meter.setGoal(total)
        meter.update(done: done)
      } checkpoint: {
        try Task.checkCancellation()
      }
    }
    let measured = Measured(
      measures: measures, json: measures.json.adding("provenance", provenance(of: state, classifier, decisions)))
    if let output { try AtomicFile.write(output, text: measured.json.text) }
    if let classes = stage.classes { try AtomicFile.write(classes.value, text: measures.classes.csv) }
    return measured
  }

  /// The rows of the output head for the classes measured.
  private func classifier(for selection: ClassSelection) throws -> Matrix? {
    guard let reference = stage.classifier else { return nil }
    let head = try MatrixFile(TensorReference(reference.value))
    try ErrorInFile.naming(reference.value) { try selection.checkHead(rows: head.rows, columns: head.columns) }
    let rows = try head.rows(of: selection.tokens)
    guard let bad = rows.elements.firstIndex(where: { !$0.isFinite }) else { return rows }
    throw StreamError(
      .nonfinite,
      Diagnosis(
        file: reference.value, position: "row \(selection.tokens[bad / rows.columns])", expected: "finite numbers",
        found: "\(rows.elements[bad])", advice: "use the output head of a model whose training did not diverge"))
  }

  /// The decisions in a file, which must have been made with this state.
  private func decided(_ files: [String], with state: StateReader) throws -> DecisionsReader? {
    guard let file = files.first else { return nil }
    guard files.count == 1 else {
      throw PipelineError([
        Problem(
          stage.decisions?.place ?? .option("decisions"),
          "expected one file of decisions for “\(name)”, found \(files.count)",
          advice: "measure with one, or merge them first")
      ])
    }
    let decisions = try DecisionsReader(file)
    guard decisions.provenance.momentsChecksum == state.checksum else {
      throw MomentsError(
        .decisionsMismatch,
        Diagnosis(
          file: file, position: "attribute moments_checksum",
          expected: "\(state.checksum ?? ""), that of \(state.name)",
          found: decisions.provenance.momentsChecksum, advice: "decide again with these moments"))
    }
    return decisions
  }

  /// What made the measurements, by content, so that equal inputs and options give equal bytes wherever they lie.
  private func provenance(of state: StateReader, _ classifier: Matrix?, _ decisions: DecisionsReader?) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("tool", .string("collapse \(collapseVersion)")),
      .init("samples_digest", .string(state.provenance.samplesDigest)),
      .init("moments_checksum", .string(state.checksum ?? "")),
      .init("skipped_nonfinite", .integer(state.provenance.skipped)),
      .init("min_count", .integer(stage.geometry.minCount)),
      .init("global_mean", .string(stage.geometry.globalMean.rawValue)),
    ]
    if let classifier {
      let checksum = Checksum()
      checksum.update(classifier.elements)
      members.append(.init("classifier_checksum", .string(checksum.value)))
    }
    if let decisions { members.append(.init("decisions_checksum", .string(decisions.checksum))) }
    return .object(members)
  }
}
