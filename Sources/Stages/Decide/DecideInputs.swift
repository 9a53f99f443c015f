import Artefacts
import Deciding
import Formats
import Geometry
import Moments
import Support

/// The inputs of a decision: moments, and a classifier if one is given.
struct DecideInputs: Sendable {
  var deciders: Deciders
  var hasClassifier: Bool { classifier != nil }
  /// The classifier that was chosen, in words.
  let choice: String?
  /// The plan for memory, to be logged.
  let plan: String?
  private let dimension: Int
  private let classes: Int
  private let vocabulary: Int
  private let momentsChecksum: String
  private let classifier: ClassifierIdentity?
  private let headRows: HeadRows

  /// Reads them, after checking that they fit each other, the stream and the memory.
  init(_ stage: DecideStage, moments: String, stream shape: StreamShape) throws {
    let state = try StateReader(moments)
    guard state.dimension == shape.dimension else {
      throw MomentsError(
        .dimensionMismatch, file: moments, position: "attribute dimension",
        expected: "\(shape.dimension), like the stream's features", found: "\(state.dimension)",
        advice: "name the moments of the model and layer that the samples come from")
    }
    let head = try stage.classifier.map {
      try ClassifierFile(
        $0.value, bias: stage.bias?.value, dimension: state.dimension, rows: stage.classifierRows)
    }
    try head?.check(dimension: state.dimension, vocabulary: state.provenance.vocabulary)
    let memory = DecideMemory(state, head, rows: stage.headRows, stream: shape, threads: stage.threads)
    try memory.check(stage.memory)
    plan = memory.need.plan(stage.memory)
    let table = try state.table()
    let whole = try head?.read()
    deciders = try ErrorInFile.naming(stage.classifier?.value ?? moments) {
      try Deciders(
        table, classifier: whole?.classifier, headRows: stage.headRows, workers: WorkerThreads(stage.threads))
    }
    choice = head?.choice
    (dimension, classes) = (state.dimension, state.classes)
    vocabulary = head?.rows ?? state.provenance.vocabulary
    momentsChecksum = state.checksum
    classifier = whole?.identity
    headRows = stage.headRows
  }

  /// The provenance of decisions on a stream.
  func provenance(_ summary: StreamSummary) -> DecisionsProvenance {
    DecisionsProvenance(
      Provenance(
        madeBy: DecideStage.name, vocabulary: vocabulary, skipped: summary.skipped,
        features: summary.scalars.map(\.rawValue), parts: 1, samplesDigest: summary.digest),
      dimension: dimension, classes: classes, momentsChecksum: momentsChecksum,
      classifier: classifier, headRows: headRows)
  }
}
