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
    OptionSpec("min-count", "samples a class must have to be measured; by default 1"),
    OptionSpec("global-mean", "the mean of class means: unweighted, or weighted by their samples"),
    OptionSpec("pairs", "pairs of classes to draw, as in 1e8, instead of looking at all; standard errors are reported"),
    OptionSpec("seed", "which pairs are drawn; 0 by default"),
    OptionSpec("threads", "threads of the sweep over pairs; by default what the job was given"),
    OptionSpec("output", "where to write the measurements (JSON)"),
    OptionSpec("classes", "where to write the table of token classes (CSV)"),
    OptionSpec("histograms", "where to write histograms of the pair statistics (CSV)"),
  ]

  let moments: Located<String>?
  let classifier: Located<String>?
  let geometry: GeometryOptions
  public let output: Located<String>?
  let classes: Located<String>?
  let histograms: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    moments = decoder.located("moments")
    classifier = decoder.located("classifier")
    geometry = GeometryOptions(
      minCount: decoder.count("min-count") ?? 1, globalMean: decoder.choice("global-mean", GlobalMean.unweighted),
      sampling: Self.sampling(&decoder), threads: decoder.count("threads") ?? Allowance.threads)
    output = decoder.located("output")
    classes = decoder.located("classes")
    histograms = decoder.located("histograms")
  }

  private static func sampling(_ decoder: inout OptionDecoder) -> PairSampling? {
    let seed = decoder.count("seed", atLeast: 0)
    guard let pairs = decoder.amount("pairs", within: 1...1 << 53) else {
      if let option = decoder.located("seed") {
        decoder.complain(option.place, "a seed, but no pairs to draw", advice: "add pairs, or leave seed out")
      }
      return nil
    }
    return PairSampling(pairs: pairs, seed: seed ?? 0)
  }

  public var references: [StageReference] {
    moments.map { [StageReference("moments", $0, needs: .moments)] } ?? []
  }
  public var outputs: [Located<String>] { [output, classes, histograms].compactMap { $0 } }
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
    return try await Measuring(self, run).measure(file)
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
  private let run: StageRun
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: MeasureStage, _ run: StageRun) {
    self.stage = stage
    self.run = run
    executor = DedicatedExecutor("measure.\(run.name)")
  }

  /// Measures the state in `file` and writes what was asked for; says what somebody may miss in it.
  func measure(_ file: String) throws -> Measured {
    try AddressSpace.atStart.checkProducts(threads: stage.geometry.threads)
    let state = try StateReader(file)
    let table = try state.table()
    let selection = try ErrorInFile.naming(file) { try ClassSelection(table, minCount: stage.geometry.minCount) }
    let classifier = try classifier(for: selection)
    try Task.checkCancellation()
    let measures = try ErrorInFile.naming(file) { [meter = run.meter] in
      try NeuralCollapse.measure(table, classifier: classifier, options: stage.geometry) { done, total in
        meter.setGoal(total)
        meter.update(done: done)
      } checkpoint: {
        try Task.checkCancellation()
      }
    }
    let measured = Measured(
      measures: measures, json: measures.json.adding("provenance", provenance(of: state, classifier)))
    for remark in measures.remarks { run.context.log.info("\(run.name): \(remark)") }
    if let output = run.output { try AtomicFile.write(output, text: measured.json.text) }
    if let classes = stage.classes { try AtomicFile.write(classes.value, text: measures.classes.csv) }
    if let histograms = stage.histograms { try AtomicFile.write(histograms.value, text: measures.histograms.csv) }
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

  /// What made the measurements, by content, so that equal inputs and options give equal bytes wherever they lie.
  private func provenance(of state: StateReader, _ classifier: Matrix?) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("tool", .string("collapse \(collapseVersion)")),
      .init("samples_digest", .string(state.provenance.samplesDigest)),
      .init("moments_checksum", .string(state.checksum ?? "")),
      .init("skipped_nonfinite", .integer(state.provenance.skipped)),
      .init("min_count", .integer(stage.geometry.minCount)),
      .init("global_mean", .string(stage.geometry.globalMean.rawValue)),
    ]
    if let sampling = stage.geometry.sampling {
      members += [.init("sampled_pairs", .integer(sampling.pairs)), .init("seed", .integer(sampling.seed))]
    }
    if let classifier {
      let checksum = Checksum()
      checksum.update(classifier.elements)
      members.append(.init("classifier_checksum", .string(checksum.value)))
    }
    return .object(members)
  }
}
