import Engine

extension StageOutlook {
  /// What a stage will make, with the size of its artefact in words where that goes anywhere.
  func forecast(
    size: String?, notes: [String] = [], artefact: (any ArtefactForecast)? = nil
  ) -> StageForecast {
    var forecast = StageForecast(notes: notes, artefact: artefact)
    if let output { forecast.sizes[output] = size }
    return forecast
  }

  /// Of a stage that passes samples on, in blocks of its own.
  var passingOn: StageForecast {
    var shape = stream
    shape?.blocksAtOnce = Passage.blocksAtOnce
    return StageForecast(stream: shape)
  }
}
