import Artefacts
import Geometry
import Moments

extension MergeStage: ForecastingStage {
  /// What people's tokenizers have at most: room for a forecast where the classes are not known.
  private static let mostClasses = 1 << 18

  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    let states = try outlook.states("states")
    let known = states.compactMap { $0 }
    guard known.count == states.count, let first = known.first, let dimension = first.dimension else {
      return StageForecast()
    }
    let state = StateForecast(
      dimension: dimension, classes: .union(known.map(\.classes)), within: first.within,
      carriesMeans: known.contains(where: \.carriesMeans))
    var forecast = StageForecast(artefact: state)
    do {
      let plan = try MergePlan(
        states: states.count, dimension: dimension,
        classes: min(state.classes.most ?? Self.mostClasses, Self.mostClasses),
        carriesMeans: state.carriesMeans, within: state.within, memory: memory ?? MemoryPlan.standard,
        adviceForMore: Allowance.adviceForMore(than: memory))
      forecast.memory = "at most \(ByteCount.describe(plan.byteCount))"
      forecast.peak = memory ?? plan.byteCount
    } catch let error as MomentsError {
      forecast.notes.append("will be refused: \(error.diagnosis.summary)")
    }
    if let output = outlook.output { forecast.sizes[output] = state.size?.size }
    return forecast
  }
}

extension MeasureStage: ForecastingStage {
  /// Bytes of a line of the table of classes: some numbers of 17 digits.
  private static let lineBytes = 120
  /// The process with its libraries.
  private static let process = 64 << 20

  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
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

  /// The means as they are in the file, centred, and once more for each statistic that changes them; the classifier's rows
  /// and their centred copy; tiles of products.
  static func memory(_ state: StateForecast, _ dimension: Int, hasClassifier: Bool, threads: Int) -> SizeEstimate {
    let row = dimension * MemoryLayout<Double>.size
    let working = Measures.bytesWithoutPairs(dimension: dimension, within: state.within)
    let table = row * (state.carriesMeans ? 2 : 1)
    return SizeEstimate(
      fixed: process + working.fixed + threads * (4 << 20),
      perClass: table + working.perClass + (hasClassifier ? 2 * row : 0), classes: state.classes)
  }
}

extension CollectStage: ForecastingStage {
  /// Bytes of a row: some fifty numbers.
  private static let rowBytes = 1000

  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast(notes: ["\(outlook.references) rows"])
    if let output = outlook.output {
      forecast.sizes[output] = "about \(ByteCount.describe((outlook.references + 1) * Self.rowBytes))"
    }
    return forecast
  }
}

extension StudyStage: ForecastingStage {
  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast()
    for file in [outlook.output].compactMap(\.self) + outputs.map(\.value) { forecast.sizes[file] = "some KiB" }
    return forecast
  }
}

extension ReportStage: ForecastingStage {
  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast(notes: ["figures are drawn by gnuplot"])
    if let output = outlook.output { forecast.sizes[output] = "some hundred KiB" }
    return forecast
  }
}
