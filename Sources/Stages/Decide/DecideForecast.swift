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
    func memory(_ classes: Int) -> Int {
      DecideMemory(
        classes: classes, dimension: shape.dimension, lowParts: state.keepsLowParts, within: state.within,
        headRows: head?.rows ?? 0, isSingle: head?.typeName != "float64", stream: shape, threads: threads
      ).total
    }
    let fixed = memory(0)
    let estimate = SizeEstimate(fixed: fixed, perClass: memory(1) - fixed, classes: state.classes)
    forecast.peak = self.memory ?? estimate.most
    forecast.memory =
      estimate.memory
      + (head == nil ? "" : ", including the classifier's \(head?.rows ?? 0) rows")
    return forecast
  }
}
