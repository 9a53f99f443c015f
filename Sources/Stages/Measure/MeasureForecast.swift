import Engine
import Geometry

extension MeasureStage: ForecastingStage {
  /// Bytes per line of the class table: a few numbers of 17 digits.
  private static let lineBytes = 120
  /// The process with its libraries.
  private static let process = 64 << 20

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    var forecast = StageForecast()
    for file in [outlook.output, output?.value].compactMap(\.self) { forecast.sizes[file] = "some KiB" }
    if let histograms { forecast.sizes[histograms.value] = "some hundred KiB at most" }
    guard let state = try outlook.states("moments").first ?? nil else { return forecast }
    if let classes {
      let lines = SizeEstimate(
        fixed: Self.lineBytes, perClass: Self.lineBytes + (tokenizer == nil ? 0 : 20), classes: state.classes)
      forecast.sizes[classes.value] = lines.size
    }
    guard let dimension = state.dimension else { return forecast }
    let estimate = Self.memory(state, dimension, hasClassifier: classifier != nil, threads: geometry.threads)
    (forecast.memory, forecast.peak) = (estimate.memory, estimate.most)
    return forecast
  }

  /// The means as in the file, centred, and copied for each statistic that changes them; the classifier's rows and
  /// their centred copy; tiles of products.
  static func memory(_ state: StateForecast, _ dimension: Int, hasClassifier: Bool, threads: Int) -> SizeEstimate {
    let row = dimension * MemoryLayout<Double>.size
    let working = Measures.bytesWithoutPairs(dimension: dimension, within: state.within)
    let table = row * (state.keepsLowParts ? 2 : 1)
    return SizeEstimate(
      fixed: process + working.fixed + threads * (4 << 20),
      perClass: table + working.perClass + (hasClassifier ? 2 * row : 0), classes: state.classes)
  }
}
