import Engine
import Formats
import Storage

extension DecideStage: ForecastingStage {
  /// The size of a decisions file, in words.
  static let size = "grows with the classes and the pairs of choices seen"

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    var forecast = outlook.forecast(size: Self.size)
    guard let state = try outlook.states("moments").first ?? nil, let shape = outlook.stream else { return forecast }
    let head = try classifier.map {
      try MatrixFile(head: TensorReference($0.value), dimension: shape.dimension, rows: classifierRows)
    }
    if let head { forecast.notes.append("classifier: \(head.choice)") }
    func need(_ classes: Int) -> MemoryNeed {
      DecideMemory(
        classes: classes, dimension: shape.dimension, lowParts: state.keepsLowParts, within: state.within,
        headRows: head?.rows ?? 0, isSingle: head?.typeName != "float64", chosen: headRows, stream: shape,
        threads: threads
      ).need
    }
    guard let most = state.classes.most else {
      let fixed = need(0).total
      forecast.memory = SizeEstimate(fixed: fixed, perClass: need(1).total - fixed, classes: .unknown).memory
      return forecast
    }
    forecast.take(need(most), given: memory, classes: state.classes)
    if let head { forecast.memory = forecast.memory.map { "\($0), including the classifier's \(head.rows) rows" } }
    return forecast
  }
}
