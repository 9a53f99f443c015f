import Engine
import Formats
import Plan
import Storage
import Support

/// `count`: how often each token class occurs, in files of token ids or in a stream. Features are not read.
///
/// If the ends of token sequences are known, the labels that `read` would make of these `tokens` are counted; otherwise
/// every token id is. Of a stream, in any format, the labels are.
package struct CountStage: StageKind, StreamTakingStage, ArtefactStage, ForecastingStage {
  package static let name = "count"
  package static let summary = "how often each token class occurs, in token files or in a stream"
  package static let product = Product.counts
  package static let fileExtension: String? = "csv"
  package static let writes = [TokenCounts.own]
  package static let settings: [Setting<Self>] = [
    .stream("the stream to count, unless files are given", required: false),
    .init(
      \.files, "files",
      "files of token ids (NPY integers, raw with token-type, llm.c, Megatron, or f.h5#name), or streams, whose labels are counted; globs, or - for standard input",
      .file,
      verb: .argument("input", "files, quoted globs in natural order, or - for standard input", required: true)),
    .init(group: \.reading.arrays),
    .init(
      \.reading.uint16IsBFloat16, "bf16",
      "take uint16 arrays after the labels of a stream for features, the bits of bfloat16: true or false",
      verb: .help("take uint16 arrays after the labels of a stream for features, the bits of bfloat16")),
    .threads(\.reading.threads, "that decompress"),
    .memory(\.memory),
    .init(
      \.scratch, "scratch", "folder for what is set aside of large batches; by default the output's folder", .folder),
    .init(
      \.output, "output", "where to write the table (CSV): token, count", .output,
      verb: .help("where to write the table (CSV), instead of printing it")),
    .init(group: \.alignment),
  ]

  private(set) var files: [Located<String>] = []
  private(set) var alignment = AlignmentOptions()
  /// How streams are read.
  private(set) var reading = ReadOptions(threads: ResourceLimits.threads)
  private(set) var takesStream = false
  private var place = SourcePosition.option(Self.name)
  package var output: Located<String>?
  package var memory: Int?
  package var scratch: Located<String>?

  package init() {}

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    takesStream = decoder.located("from") != nil
    place = decoder.stage.kind.place
    let ofStreams = (ArrayNames.options.map(\.name) + ["bf16"]).compactMap { name in
      decoder.located(name).map { Located(name, $0.place) }
    }.first
    if takesStream, let given = alignment.given ?? ofStreams {
      decoder.addProblem(
        given.place, "\(given.value) is for files: a stream has its own labels",
        advice: "give it to the stage that reads the stream, or leave it out")
    } else if let given = alignment.given, let ofStreams {
      decoder.addProblem(
        ofStreams.place, "\(ofStreams.value) is for streams, and \(given.value) for files of token ids",
        advice: "leave one of them out")
    }
    if takesStream == !files.isEmpty {
      decoder.addProblem(
        place, "stage “\(decoder.stage.written)” needs from or files, not both",
        advice: "add from: a stream, or files: token files")
    }
  }

  package var inputFiles: [String] {
    [files, alignment.files].flatMap { (try? ArrayFiles.expand($0.map(\.value))) ?? [] }.map {
      TensorReference($0).file
    }
  }

  package var standardInputs: [Located<String>] { files.filter { $0.value == "-" } }

  package func check(_ problems: inout [Problem]) {
    for file in files {
      do {
        _ = try ArrayFiles.expand([file.value])
      } catch let error as any DiagnosedError {
        problems.append(Problem(file.place, error))
      } catch {}
    }
    guard !takesStream else { return }
    let inputs = try? ArrayFiles.expand(files.map(\.value)).count
    for files in [alignment.offsets, alignment.lengths] { ArrayFiles.check(files, inputs: inputs, &problems) }
  }

  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    if artefact == nil, takesStream { problems.append(.noOutput(Self.name, place)) }
  }

  package static let progressUnit = "B"

  package func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    CountConsumer(name: name, output: output, context: context)
  }

  package func run(_ run: StageRun) async throws -> (any StageResult)? {
    let counting = CountConsumer(name: run.name, output: run.output, context: run.context)
    return try await counting.count(try ArrayFiles.expand(files.map(\.value)), self, run.meter)
  }

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    outlook.forecast(size: "a line per class")
  }
}
