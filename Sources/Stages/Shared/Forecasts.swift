import Engine

extension ForecastInputs {
  /// The forecast of a stage, with the size of its artefact in words if it has an output file.
  func forecast(
    size: String?, notes: [String] = [], artefact: (any ArtefactForecast)? = nil
  ) -> StageForecast {
    var forecast = StageForecast(notes: notes, artefact: artefact)
    if let output { forecast.sizes[output] = size }
    return forecast
  }

  /// The forecast of a stage that passes samples on in its own blocks.
  var passingOn: StageForecast {
    var shape = stream
    shape?.blocksAtOnce = TransformChain.blocksAtOnce
    return StageForecast(stream: shape)
  }
}
