import Engine
import Geometry
import Support

extension CompareStage: ForecastingStage {
  /// Bytes per line of the class table: a few numbers of 17 digits.
  private static let lineBytes = 160

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    var forecast = StageForecast()
    for file in [outlook.output, output?.value].compactMap(\.self) { forecast.sizes[file] = "some KiB" }
    let states = try (outlook.states("moments") + outlook.states("with")).compactMap(\.self)
    guard states.count == 2, let one = states[0].dimension, let two = states[1].dimension else { return forecast }
    let common = ClassEstimate.least(states.map(\.classes))
    if let classes {
      let lines = SizeEstimate(fixed: Self.lineBytes, perClass: Self.lineBytes, classes: common)
      forecast.sizes[classes.value] = lines.size
    }
    func need(_ common: Int) throws -> MemoryNeed {
      func side(_ state: StateForecast, _ dimension: Int) -> CompareMemory.Side {
        .init(classes: state.classes.most ?? common, dimension: dimension, keepsLowParts: state.keepsLowParts)
      }
      let memory = CompareMemory(
        a: side(states[0], one), b: side(states[1], two), hasTokenizer: tokenizer != nil, threads: threads)
      var need = memory.need(
        common: common, largestGroup: types ? common : bands.map { (common + $0 - 1) / max($0, 1) })
      let measures = try outlook.artefacts("measures").compactMap { if case .file(let file) = $0 { file } else { nil } }
      need.addFiles(of: self, measures: measures)
      return need
    }
    guard let most = common.most else {
      let (few, many) = (try need(0).total, try need(1 << 18).total)
      forecast.memory = SizeEstimate(fixed: few, perClass: (many - few) >> 18, classes: .unknown).memory
      return forecast
    }
    forecast.take(try need(most), given: memory, classes: common)
    // A product of d × d for each pair, and singular values of some d³ operations.
    let operations =
      6 * Double(most) * Double(one) * Double(two) + 10 * Double(max(one, two)) * Double(one) * Double(two)
    if operations > Self.operationsToMention {
      let minutes = operations / Self.operationsPerSecond / 60
      forecast.notes.append("about \(Int(minutes.rounded(.up))) min of matrix products")
    }
    return forecast
  }

  /// Fewer take less than half a minute on one thread.
  private static let operationsToMention = 6e11
  private static let operationsPerSecond = 2e10
}

extension ClassEstimate {
  /// The classes that several states can have in common.
  fileprivate static func least(_ parts: [ClassEstimate]) -> ClassEstimate {
    parts.compactMap(\.most).min().map { .atMost($0) } ?? .unknown
  }
}
