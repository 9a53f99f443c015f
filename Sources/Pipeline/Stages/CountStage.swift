import Formats
import Storage
import Support

/// `count`: how often each token class occurs, in files of token ids or in a stream, without a look at features.
///
/// Where something says where sequences of token ids end, what is counted is the labels that `read` would make of them as its
/// `tokens`; else every token id.
public struct CountStage: StageKind, StreamTakingStage, ArtefactStage {
  public static let name = "count"
  public static let summary = "how often each token class occurs, in token files or in a stream"
  public static let product = Product.counts
  public static let fileExtension: String? = "csv"
  package static let settings: [Setting<Self>] = [
    .stream("the stream, unless files are counted", required: false),
    .init(
      \.files, "files",
      "files of token ids (NPY of integers, or raw with token-type) or streams, of which labels count; globs, or - for standard input",
      .file,
      verb: .argument("input", "files, globs in natural order (quoted), or - for standard input", required: true)),
    .threads(\.threads, "that decompress"),
    .init(
      \.output, "output", "where to write the table (CSV): token, count", .output,
      verb: .help("where to write the table (CSV), instead of printing it")),
    .init(group: \.pairing),
  ]

  private(set) var files: [Located<String>] = []
  private(set) var pairing = PairingOptions()
  var threads = Allowance.threads
  private(set) var takesStream = false
  private var place = Place.option(Self.name)
  package var output: Located<String>?

  package init() {}

  package mutating func settle(_ decoder: inout OptionDecoder) {
    takesStream = decoder.located("from") != nil
    place = decoder.stage.kind.place
    if takesStream, let given = pairing.given {
      decoder.complain(
        given.place, "\(given.value) is for files of token ids: a stream has labels of its own",
        advice: "give it to the stage that reads the stream, or leave it out")
    }
    if takesStream == !files.isEmpty {
      decoder.complain(
        place, "stage “\(decoder.stage.written)” needs from or files, and not both",
        advice: "add from: a stream, or files: token files")
    }
  }

  package var inputFiles: [String] {
    files.flatMap { (try? Self.expand($0.value)) ?? [] }.map { TensorReference($0).file }
      + ((try? ArrayFiles.expand(pairing.files.map(\.value))) ?? []).map { TensorReference($0).file }
  }

  /// Names that exist are taken as they are, whatever characters they hold.
  static func expand(_ name: String) throws -> [String] {
    guard let files = try? InputFiles.expand([name]) else { return try ArrayFiles.expand([name]) }
    return files
  }

  package var standardInputs: [Located<String>] { files.filter { $0.value == "-" } }

  package func check(_ problems: inout [Problem]) {
    for file in files {
      do {
        _ = try Self.expand(file.value)
      } catch let error as any DiagnosedError {
        problems.append(Problem(file.place, error))
      } catch {}
    }
    guard !takesStream else { return }
    let inputs = try? files.flatMap { try Self.expand($0.value) }.count
    for files in [pairing.offsets, pairing.lengths] { ArrayFiles.check(files, inputs: inputs, &problems) }
  }

  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    if artefact == nil, takesStream { problems.append(.nowhere(Self.name, place)) }
  }

  static let progressUnit = "B"

  func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    Counting(name: name, output: output, context: context)
  }

  func run(_ run: StageRun) async throws -> (any StageResult)? {
    let counting = Counting(name: run.name, output: run.output, context: run.context)
    return try await counting.count(try files.flatMap { try CountStage.expand($0.value) }, self, run.meter)
  }
}

/// Counts, and writes the table. Keeps no checkpoints: an interrupted one begins anew.
actor Counting: StreamConsumer {
  private let name: String
  private let output: String?
  private let context: RunContext
  private let executor: DedicatedExecutor
  private var counts = TokenCounts()

  nonisolated let checksFiniteness = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(name: String, output: String?, context: RunContext) {
    self.name = name
    self.output = output
    self.context = context
    executor = DedicatedExecutor("count.\(name)")
  }

  /// Counts files one after another; returns what is to be printed, where no file takes it. Answers cancellation every
  /// half MiB.
  func count(_ files: [String], _ stage: CountStage, _ meter: Meter) throws -> (any StageResult)? {
    meter.setGoal(FileSizes.total(files.map { TensorReference($0).file }))
    let pairing = try stage.pairing.pairing(tokens: files)
    var before = 0
    for (number, file) in files.enumerated() {
      let progress = { bytes in
        meter.update(done: before + bytes)
        try Task.checkCancellation()
      }
      let saysSequences =
        try stage.pairing.given != nil || TensorReference(file).tensor != nil || TokenCounts.hasSequences(file)
      if saysSequences {
        try counts.add(nextTokens: number, pairing, threads: stage.threads, progress: progress)
      } else {
        try counts.add(file: file, width: pairing.width, threads: stage.threads, progress: progress)
      }
      before = meter.reading.done
    }
    try write()
    return output == nil ? Counted(counts: counts) : nil
  }

  func resume(_ inputs: InputStamps, reading: [String: String]) throws -> CheckpointStore.Header? { nil }

  func prepare(_ shape: StreamShape) throws {}

  func consume(_ blocks: BlockChannel) async throws {
    for try await streamed in blocks { counts.add(streamed.block.labels) }
    try Task.checkCancellation()
  }

  func finish(_ summary: StreamSummary) throws { try write() }

  private func write() throws {
    if let output { try AtomicFile.write(output, text: counts.csv) }
    context.log.info(
      "\(name): \(counts.samples) samples of \(counts.counts.count) classes\(output.map { "; wrote \($0)" } ?? "")")
  }
}

/// Counts that no file takes.
private struct Counted: StageResult {
  let counts: TokenCounts

  var table: String { counts.csv }
  var json: JSONValue {
    .array(counts.counts.map { ["token": .integer(Int($0.token)), "count": .integer($0.count)] })
  }
}
