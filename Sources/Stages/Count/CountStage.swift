import Engine
import Plan
import Storage
import Support

/// `count`: how often each token class occurs, in files of token ids or in a stream. Features are not read.
///
/// If the ends of token sequences are known, the labels that `read` would make of these `tokens` are counted; otherwise
/// every token id is.
public struct CountStage: StageKind, StreamTakingStage, ArtefactStage, ForecastingStage {
  public static let name = "count"
  public static let summary = "how often each token class occurs, in token files or in a stream"
  public static let product = Product.counts
  public static let fileExtension: String? = "csv"
  package static let settings: [Setting<Self>] = [
    .stream("the stream to count, unless files are given", required: false),
    .init(
      \.files, "files",
      "files of token ids (NPY integers, or raw with token-type), or streams, whose labels are counted; globs, or - for standard input",
      .file,
      verb: .argument("input", "files, quoted globs in natural order, or - for standard input", required: true)),
    .threads(\.threads, "that decompress"),
    .init(
      \.output, "output", "where to write the table (CSV): token, count", .output,
      verb: .help("where to write the table (CSV), instead of printing it")),
    .init(group: \.alignment),
  ]

  private(set) var files: [Located<String>] = []
  private(set) var alignment = AlignmentOptions()
  var threads = ResourceLimits.threads
  private(set) var takesStream = false
  private var place = Place.option(Self.name)
  package var output: Located<String>?

  package init() {}

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    takesStream = decoder.located("from") != nil
    place = decoder.stage.kind.place
    if takesStream, let given = alignment.given {
      decoder.addProblem(
        given.place, "\(given.value) is for files of token ids: a stream has its own labels",
        advice: "give it to the stage that reads the stream, or leave it out")
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
