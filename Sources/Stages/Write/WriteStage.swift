import Engine
import Formats
import Plan
import Samples
import Support

/// `write`: a stream's samples as an embedding stream in one file, or on standard output.
///
/// What is written gives every stage the same bytes as the stream itself, as long as its features keep their type.
public struct WriteStage: StageKind, StreamTakingStage {
  public static let name = "write"
  public static let summary = "a stream's samples as an embedding stream in one file"
  public static let product = Product.samples
  public static let fileExtension: String? = "npy.zst"
  public static let options = [
    OptionSpec("from", "the stream", .reference(.stream, orFile: false), required: true),
    OptionSpec(
      "type", "of the features written: float16, bfloat16, float32 or float64; by default as they are",
      .choice(of: ScalarType.self)),
    OptionSpec("batch", "rows of a batch, which is a frame where the output is compressed; by default 8192", .count()),
    OptionSpec("level", "of Zstandard compression, 1 to 22; by default 3. Compresses standard output too", .count()),
    OptionSpec("threads", "threads that convert and compress; by default what the job was given", .count()),
    OptionSpec(
      "output", "the file to write, compressed where its name ends in .zst; - is standard output", .output),
  ]

  let type: ScalarType?
  let batch: Int?
  let level: Int?
  let threads: Int
  let destination: Located<String>?
  private let place: Place

  public init(decoding decoder: inout OptionDecoder) {
    type = decoder.located("type") == nil ? nil : decoder.choice("type", ScalarType.float32)
    batch = decoder.count("batch")
    level = decoder.count("level")
    threads = decoder.count("threads") ?? Allowance.threads
    destination = decoder.located("output")
    place = decoder.stage.kind.place
    guard let place = decoder.located("level")?.place, let level else { return }
    if level > 22 {
      decoder.complain(
        place, "expected a level from 1 to 22, found \(level)",
        advice: "write, for example, \(place.example("level", "19"))")
    } else if let destination, destination.value != "-", !destination.value.hasSuffix(".zst") {
      decoder.complain(
        place, "a level, but \(destination.value) is not compressed",
        advice: "let the name end in .npy.zst, or leave level out")
    }
  }

  public var writesStandardOutput: Bool { destination?.value == "-" }
  public var output: Located<String>? { writesStandardOutput ? nil : destination }

  public var recipe: [String: String] {
    ["type": type?.rawValue, "batch": batch.map { "\($0)" }, "level": level.map { "\($0)" }].compactMapValues(\.self)
  }

  public func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    if artefact == nil, !writesStandardOutput { problems.append(.nowhere(Self.name, place)) }
  }

  package var readsPredictions: Bool { true }

  package func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    Writing(self, name: name, output: writesStandardOutput ? "-" : output, context: context)
  }

  /// Rows of a batch of such a stream.
  func batchRows(_ shape: StreamShape) -> Int { batch ?? min(8192, shape.blockRows) }

  /// Bytes of the blocks and of what is made of them at most.
  func memory(_ shape: StreamShape) -> Int {
    let rows = max(batchRows(shape), shape.blockRows) + shape.blockRows
    return shape.bytesAtOnce + rows * shape.dimension * (shape.scalar.byteCount + 2 * (type ?? shape.scalar).byteCount)
  }
}

extension WriteStage: ForecastingStage {
  package func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast()
    if let shape = outlook.stream {
      (forecast.memory, forecast.peak) = ("at most \(ByteCount.describe(memory(shape)))", memory(shape))
    }
    if let output = outlook.output { forecast.sizes[output] = "grows with the samples" }
    return forecast
  }
}
