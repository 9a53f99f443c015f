import Artefacts
import Engine
import Moments
import Support

extension MergeStage: ForecastingStage {
  /// No common tokenizer has more tokens; a forecast assumes this many if the classes are unknown.
  private static let maximumClasses = 1 << 18

  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    let states = try outlook.states("states")
    let known = states.compactMap { $0 }
    guard known.count == states.count, let first = known.first, let dimension = first.dimension else {
      return StageForecast()
    }
    let state = StateForecast(
      dimension: dimension, classes: .union(known.map(\.classes)), within: first.within,
      keepsLowParts: known.contains(where: \.keepsLowParts), moments: first.moments)
    var forecast = outlook.forecast(size: state.size?.size, artefact: state)
    do {
      let plan = try MergePlan(
        states: states.count, dimension: dimension,
        classes: min(state.classes.most ?? Self.maximumClasses, Self.maximumClasses),
        keepsLowParts: state.keepsLowParts, within: state.within, moments: state.moments,
        memory: ResourceLimits.memory(given: memory),
        adviceToRaiseMemory: ResourceLimits.adviceToRaiseMemory(than: memory))
      forecast.memory = "at most \(ByteCount.describe(plan.byteCount))"
      forecast.peak = memory ?? plan.byteCount
    } catch let error as MomentsError {
      forecast.notes.append("will be refused: \(error.diagnosis.summary)")
    }
    return forecast
  }
}
