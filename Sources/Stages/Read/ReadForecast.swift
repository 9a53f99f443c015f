import Engine
import Formats
import Support

extension ReadStage: ForecastingStage {
  /// Reads the first batch, unless it comes from a pipe.
  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    if let command { return StageForecast(notes: ["would run “\(command.value)”", "rows of unknown shape"]) }
    let inputs = try inputs()
    let bytes = FileSizes.total(inputs)
    let size = bytes > 0 ? ", \(ByteCount.describe(bytes))" : ", of unknown size"
    var forecast = StageForecast(notes: ["\(inputs.count) input\(inputs.count == 1 ? "" : "s")\(size)"])
    let looked = inputs.prefix(1) + pairedFiles
    guard let first = inputs.first, try !looked.contains(where: { try Formats.access(to: $0) == .once }) else {
      forecast.notes.append("rows of unknown shape: a pipe can be read only once")
      return forecast
    }
    let reader = EmbeddingReader(inputs: [first], options: try options())
    if var shape = try reader.shape() {
      shape.maximumRows = maximumRows(inputs, dimension: shape.dimension)
      forecast.stream = shape
      forecast.notes.append("rows of \(shape.dimension) \(shape.scalar.rawValue)")
      forecast.notes += reader.newChoices()
    }
    return forecast
  }
}
