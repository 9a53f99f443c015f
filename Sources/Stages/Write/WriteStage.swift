import Engine
import Formats
import Plan
import Samples
import Support

/// `write`: a stream's samples as an embedding stream in one file, or on standard output.
///
/// Every stage gives the same bytes from the output as from the stream itself, as long as features keep their type.
package struct WriteStage: StageKind, StreamTakingStage {
  package static let name = "write"
  package static let summary = "a stream's samples as an embedding stream in one file"
  package static let product = Product.samples
  package static let fileExtension: String? = "npy.zst"
  package static let writes = [OwnStream.own]
  package static let settings: [Setting<Self>] = [
    .stream(),
    .init(\.type, "type", "feature type to write: float16, bfloat16, float32 or float64; by default unchanged"),
    .init(\.batch, "batch", "rows per batch, which is one frame if the output is compressed; by default 8192"),
    .init(
      \.level, "level",
      "level of Zstandard compression, 1 to 22; by default 3. If given, standard output is compressed too",
      .count(atMost: 22)),
    .threads(\.threads, "that convert and compress", verb: "that decompress and compress"),
    .memory(\.memory),
    .init(
      \.scratch, "scratch", "folder for what is set aside of large batches; by default the output's folder", .folder),
    .init(
      \.destination, "output", "the file to write, compressed if its name ends in .zst; - is standard output",
      .output, verb: .standard("-")),
  ]

  var type: ScalarType?
  var batch: Int?
  var level: Int?
  var threads = ResourceLimits.threads
  package var memory: Int?
  package var scratch: Located<String>?
  var destination: Located<String>?
  private var place = SourcePosition.option(Self.name)

  package init() {}

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    place = decoder.stage.kind.place
    guard let place = decoder.located("level")?.place, level != nil else { return }
    if let destination, destination.value != "-", !destination.value.hasSuffix(".zst") {
      decoder.addProblem(
        place, "expected a compressed file with level, found \(destination.value)",
        advice: "end the name in .npy.zst, or leave \(place.name("level")) out")
    }
  }

  package var writesStandardOutput: Bool { destination?.value == "-" }
  package var output: Located<String>? { writesStandardOutput ? nil : destination }
  package var outputs: [Located<String>] { output.map { [$0] } ?? [] }

  package func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    if artefact == nil, !writesStandardOutput { problems.append(.noOutput(Self.name, place)) }
  }

  package var readsPredictions: Bool { true }

  package func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    WriteConsumer(self, name: name, output: writesStandardOutput ? "-" : output, context: context)
  }

  /// Rows per batch for such a stream.
  func batchRows(_ shape: StreamShape) -> Int { batch ?? min(8192, shape.blockRows) }

  /// What the blocks and their encoded copies take, at most.
  func memoryNeed(_ shape: StreamShape) -> MemoryNeed {
    var need = MemoryNeed()
    need.add(shape.bytesAtOnce, for: "the stream")
    let rows = max(batchRows(shape), shape.blockRows).addingReportingOverflow(shape.blockRows)
    let row = shape.dimension * (shape.scalar.byteCount + 2 * (type ?? shape.scalar).byteCount)
    let (bytes, overflow) = rows.partialValue.multipliedReportingOverflow(by: row)
    need.add(overflow || rows.overflow ? .max : bytes, for: "batches of \(batchRows(shape)) rows")
    return need
  }
}

extension WriteStage: ForecastingStage {
  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    var forecast = outlook.forecast(size: "grows with the samples")
    if let shape = outlook.stream {
      forecast.take(memoryNeed(shape), given: memory)
    }
    return forecast
  }
}
