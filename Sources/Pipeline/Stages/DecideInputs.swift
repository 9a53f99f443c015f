import Artefacts
import Formats
import Geometry
import Moments
import Samples
import Storage
import Support

/// What a stream is decided with: moments, and a classifier where one is given.
struct DecideInputs: Sendable {
  var deciders: Deciders
  let hasClassifier: Bool
  private let dimension: Int
  private let classes: Int
  private let vocabulary: Int
  private let momentsChecksum: String
  private let classifierChecksum: String?

  /// Reads them, once it is clear that they fit each other, the stream, and the memory.
  init(_ stage: DecideStage, moments: String, stream shape: StreamShape) throws {
    let state = try StateReader(moments)
    guard state.dimension == shape.dimension else {
      throw MomentsError(
        .dimensionMismatch,
        Diagnosis(
          file: moments, position: "attribute dimension", expected: "\(shape.dimension), as the stream's features have",
          found: "\(state.dimension)", advice: "name the moments of the model and layer that the samples come from"))
    }
    let head = try stage.classifier.map { try ClassifierFile($0.value, bias: stage.bias?.value, state) }
    try DecideMemory(state, head, stream: shape, threads: stage.threads).check(stage.memory)
    let table = try state.table()
    let classifier = try head?.read()
    deciders = try ErrorInFile.naming(stage.classifier?.value ?? moments) {
      try Deciders(table, classifier: classifier?.classifier, workers: Workers(stage.threads))
    }
    hasClassifier = classifier != nil
    (dimension, classes) = (state.dimension, state.classes)
    vocabulary = head?.rows ?? state.provenance.vocabulary
    momentsChecksum = state.checksum
    classifierChecksum = classifier?.checksum
  }

  /// What made decisions on a stream.
  func provenance(_ summary: StreamSummary) -> DecisionsProvenance {
    DecisionsProvenance(
      Provenance(
        madeBy: DecideStage.name, vocabulary: vocabulary, skipped: summary.skipped,
        features: summary.scalars.map(\.rawValue), parts: 1, samplesDigest: summary.digest),
      dimension: dimension, classes: classes, momentsChecksum: momentsChecksum,
      classifierChecksum: classifierChecksum ?? DecisionsProvenance.predictions)
  }
}

/// An output head in a file, with its bias where it has one.
struct ClassifierFile {
  private let head: MatrixFile
  private let bias: MatrixFile?

  /// Bytes of the head read at a time.
  private static let runBytes = 8 << 20

  /// Opens head and bias and checks that they fit the state and each other.
  init(_ reference: String, bias: String?, _ state: StateReader) throws {
    head = try MatrixFile(TensorReference(reference))
    self.bias = try bias.map { try MatrixFile(TensorReference($0), .column) }
    try ErrorInFile.naming(reference) {
      guard head.columns == state.dimension else {
        throw GeometryError.classifierDimension(expected: state.dimension, found: head.columns)
      }
      guard head.rows <= Int(Int32.max) else {
        throw GeometryError.classifierRows(expected: state.provenance.vocabulary, found: head.rows)
      }
    }
    guard let bias, let file = self.bias, file.rows != head.rows else { return }
    try ErrorInFile.naming(bias) { throw GeometryError.biasLength(expected: head.rows, found: file.rows) }
  }

  /// V.
  var rows: Int { head.rows }
  /// Whether single precision holds what is stored.
  var isSingle: Bool { head.typeName != "float64" }

  /// Reads all of it; the checksum is that of the numbers, whatever contains them.
  func read() throws -> (classifier: Classifier, checksum: String) {
    let checksum = Checksum()
    let numbers = try bias?.rows(of: (0..<Int32(head.rows)).map(\.self)).elements
    if let bias, let row = numbers?.firstIndex(where: { !($0.magnitude < 1e75) }) {
      throw StreamError(
        .nonfinite,
        Diagnosis(
          file: bias.reference.description, position: "row \(row)", expected: "a number below 1e75",
          found: numbers.map { "\($0[row])" } ?? "", advice: "name the bias of a model whose training did not diverge"))
    }
    var classifier = Classifier(dimension: head.columns, rows: isSingle ? head.rows : 0, bias: numbers)
    try head.forEachRun(of: max(1, Self.runBytes / (head.columns * 8))) { rows in
      checksum.update(rows.elements)
      try ErrorInFile.naming(head.reference.description) { try classifier.append(rows) }
      try Task.checkCancellation()
    }
    if let numbers { checksum.update(numbers) }
    return (classifier, checksum.value)
  }
}

/// The memory that deciding takes: the moments and the head, each once more for products, blocks, and tiles.
struct DecideMemory {
  /// Bytes.
  let total: Int

  /// The process with its libraries, and tables of a few bytes a class.
  private static let process = 64 << 20
  /// Pairs of choices, all there may be.
  private static let confusion = 128 << 20

  init(_ state: StateReader, _ head: ClassifierFile?, stream shape: StreamShape, threads: Int) {
    let carries = state.provenance.features.contains {
      ScalarType(rawValue: $0).map(ClassMoments.carriesMeans) ?? false
    }
    self.init(
      classes: state.classes, dimension: shape.dimension, carries: carries, within: state.within,
      headRows: head?.rows ?? 0, isSingle: head?.isSingle ?? true, stream: shape, threads: threads)
  }

  /// - Parameters:
  ///   - carries: whether means are two doubles.
  ///   - headRows: rows of the head, 0 where there is none.
  ///   - isSingle: whether single precision holds them.
  init(
    classes: Int, dimension: Int, carries: Bool, within: WithinScatter, headRows: Int, isSingle: Bool,
    stream shape: StreamShape, threads: Int
  ) {
    let means = classes * dimension * MemoryLayout<Double>.size * (carries ? 2 : 1)
    let scatter = within == .none ? 0 : dimension * dimension * MemoryLayout<Double>.size
    let classifier = Classifier.bytes(rows: headRows, dimension: dimension, isSingle: isSingle)
    total =
      Self.process + Self.confusion + shape.bytesAtOnce + means + scatter + classifier
      + Deciders.bytes(classes: classes, dimension: dimension)
      + threads * Deciders.bytesPerThread(classes: classes, dimension: dimension)
  }

  /// Refuses, before anything is read, what cannot fit.
  ///
  /// - Parameter given: bytes the process may have, where an option says so.
  func check(_ given: Int?) throws {
    let memory = given ?? MemoryPlan.standard
    guard total > memory else { return }
    throw MomentsError(
      .outOfMemory,
      Diagnosis(
        expected: "memory of \(ByteCount.describe(total)) at least, for these moments, this classifier and this stream",
        found: ByteCount.describe(memory),
        advice:
          "\(Allowance.adviceForMore(than: given)); or fewer --threads, or a stream that carries predictions in place of --classifier"
      ))
  }
}
