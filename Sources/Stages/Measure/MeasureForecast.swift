import Engine
import Geometry
import Support

extension MeasureStage: ForecastingStage {
  /// Bytes per line of the class table: a few numbers of 17 digits.
  private static let lineBytes = 120

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    var forecast = StageForecast()
    for file in [outlook.output, output?.value].compactMap(\.self) { forecast.sizes[file] = "some KiB" }
    if let eigenvalues { forecast.sizes[eigenvalues.value] = "some hundred KiB" }
    if let histograms { forecast.sizes[histograms.value] = "some hundred KiB at most" }
    let states = try outlook.states("moments")
    let known = states.compactMap(\.self)
    guard let first = known.first, known.count == states.count else { return forecast }
    let state = StateForecast(
      dimension: first.dimension, classes: .union(known.map(\.classes)), within: first.within,
      keepsLowParts: known.contains(where: \.keepsLowParts), moments: first.moments)
    if let classes {
      let lines = SizeEstimate(
        fixed: Self.lineBytes,
        perClass: Self.lineBytes + (tokenizer == nil ? 0 : 20) + (state.moments == .trace ? 0 : 90),
        classes: state.classes)
      forecast.sizes[classes.value] = lines.size
    }
    guard let dimension = state.dimension else { return forecast }
    let plan = memory(state, dimension)
    guard let most = state.classes.most else {
      let (few, many) = (need(plan, classes: 0).total, need(plan, classes: 1 << 18).total)
      forecast.memory = SizeEstimate(fixed: few, perClass: (many - few) >> 18, classes: .unknown).memory
      return forecast
    }
    var need = need(plan, classes: most)
    let decisions = try outlook.artefacts("decisions").compactMap { if case .file(let file) = $0 { file } else { nil } }
    try need.addDecisions(decisions)
    if errors != nil {
      var kept = MemoryNeed()
      try kept.addInputs(of: self, decisions: decisions)
      _ = try plan.merging(states.count, classes: most, kept: kept, &need)
    }
    forecast.take(need, given: memory, classes: state.classes)
    return forecast
  }

  /// What measuring needs, apart from the numbers of classes.
  func memory(_ state: StateForecast, _ dimension: Int) -> MeasureMemory {
    MeasureMemory(
      dimension: dimension, keepsLowParts: state.keepsLowParts, within: state.within, hasClassifier: classifier != nil,
      hasTokenizer: tokenizer != nil, options: geometry, moments: state.moments)
  }

  /// What it needs before it is known which classes are selected.
  private func need(_ plan: MeasureMemory, classes: Int) -> MemoryNeed {
    let group = types ? classes : bands.map { (classes + $0 - 1) / $0 }
    var need = plan.need(classes: classes, selected: classes, largestGroup: group, threshold: classes)
    need.addFiles(of: self)
    return need
  }
}
