import Engine
import Moments
import Storage
import Support

extension AccumulateStage: ForecastingStage {
  package func forecast(_ outlook: ForecastInputs) throws -> StageForecast {
    let state = StateForecast(
      dimension: outlook.stream?.dimension, classes: maximumClasses(outlook.stream).map { .atMost($0) } ?? .unknown,
      within: within, keepsLowParts: outlook.stream.map { ClassMoments.keepsLowParts(of: $0.scalar) } ?? true,
      moments: moments)
    var forecast = outlook.forecast(size: state.size?.size, artefact: state)
    for file in outlook.output.map(artefactFiles) ?? [] { forecast.sizes[file] = state.size?.size }
    if let shape = outlook.stream {
      let plan = MemoryPlan(
        memory: memory, scratch: scratch?.value ?? outlook.output.map(AtomicFile.folder(of:)) ?? ".",
        dimension: shape.dimension, keepsLowParts: state.keepsLowParts, within: within, moments: moments, stream: shape,
        vocabulary: maximumClasses(shape), measures: measureEvery != nil, parts: parts?.value)
      forecast.memory = plan.forecast(classes: state.classes)
      forecast.peak = memory ?? plan.peak(classes: state.classes)
      if let refusal = plan.refusal { forecast.notes.append("will be refused: \(refusal)") }
    } else {
      forecast.memory = "at most \(ByteCount.describe(ResourceLimits.memory(given: memory)))"
    }
    if let output = outlook.output, let measureEvery {
      forecast.sizes[timeline?.value ?? Timeline.file(beside: output)] = "a line every \(measureEvery.value) samples"
    }
    return forecast
  }
}
