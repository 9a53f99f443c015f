import Formats
import Moments
import Storage

extension ReadStage: ForecastingStage {
  /// Looks at the first batch, unless that is in a pipe.
  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    if let command { return StageForecast(notes: ["would run “\(command.value)”", "rows of unknown shape"]) }
    let inputs = try inputs()
    let bytes = FileSizes.total(inputs)
    let size = bytes > 0 ? ", \(ByteCount.describe(bytes))" : ", of unknown size"
    var forecast = StageForecast(notes: ["\(inputs.count) input\(inputs.count == 1 ? "" : "s")\(size)"])
    let looked = inputs.prefix(1) + pairedFiles
    guard let first = inputs.first, try !looked.contains(where: { try Formats.access(to: $0) == .once }) else {
      forecast.notes.append("rows of unknown shape: a pipe is looked at only once")
      return forecast
    }
    if var shape = try EmbeddingReader(inputs: [first], options: options()).shape() {
      shape.mostRows = mostRows(inputs, dimension: shape.dimension)
      forecast.stream = shape
      forecast.notes.append("rows of \(shape.dimension) \(shape.scalar.rawValue)")
    }
    return forecast
  }
}

extension AccumulateStage: ForecastingStage {
  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    let state = StateForecast(
      dimension: outlook.stream?.dimension, classes: mostClasses(outlook.stream).map { .atMost($0) } ?? .unknown,
      within: within, carriesMeans: outlook.stream.map { ClassMoments.carriesMeans(of: $0.scalar) } ?? true)
    var forecast = StageForecast(artefact: state)
    if let shape = outlook.stream {
      let plan = MemoryPlan(
        memory: memory, scratch: scratch?.value ?? outlook.output.map(AtomicFile.folder(of:)) ?? ".",
        dimension: shape.dimension, carriesMeans: state.carriesMeans, within: within, stream: shape,
        vocabulary: mostClasses(shape), measures: measureEvery != nil)
      forecast.memory = plan.forecast(classes: state.classes)
      forecast.peak = memory ?? plan.peak(classes: state.classes)
      if let refusal = plan.refusal { forecast.notes.append("will be refused: \(refusal)") }
    } else {
      forecast.memory = "at most \(ByteCount.describe(memory ?? MemoryPlan.standard))"
    }
    if let output = outlook.output {
      forecast.sizes[output] = state.size?.size
      if let measureEvery {
        forecast.sizes[timeline?.value ?? Timeline.file(beside: output)] =
          "a line each \(measureEvery.value) samples"
      }
    }
    return forecast
  }
}

extension DecideStage: ForecastingStage {
  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast()
    if let output = outlook.output { forecast.sizes[output] = "grows with the classes and the pairs of choices seen" }
    guard let state = try outlook.states("moments").first ?? nil, let shape = outlook.stream else { return forecast }
    let head = try classifier.map { try MatrixFile(TensorReference($0.value)) }
    func memory(_ classes: Int) -> Int {
      DecideMemory(
        classes: classes, dimension: shape.dimension, carries: state.carriesMeans, within: state.within,
        headRows: head?.rows ?? 0, isSingle: head?.typeName != "float64", stream: shape, threads: threads
      ).total
    }
    let fixed = memory(0)
    let estimate = SizeEstimate(fixed: fixed, perClass: memory(1) - fixed, classes: state.classes)
    forecast.peak = self.memory ?? estimate.most
    forecast.memory =
      estimate.memory
      + (head == nil ? "" : ", the classifier's \(head?.rows ?? 0) rows among it")
    return forecast
  }
}

extension FilterStage: ForecastingStage {
  func forecast(_ outlook: StageOutlook) throws -> StageForecast { .passingOn(outlook.stream) }
}

extension RelabelStage: ForecastingStage {
  func forecast(_ outlook: StageOutlook) throws -> StageForecast { .passingOn(outlook.stream) }
}

extension WriteStage: ForecastingStage {
  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast()
    if let shape = outlook.stream {
      (forecast.memory, forecast.peak) = ("at most \(ByteCount.describe(memory(shape)))", memory(shape))
    }
    if let output = outlook.output { forecast.sizes[output] = "grows with the samples" }
    return forecast
  }
}

extension CountStage: ForecastingStage {
  func forecast(_ outlook: StageOutlook) throws -> StageForecast {
    var forecast = StageForecast()
    if let output = outlook.output { forecast.sizes[output] = "a line a class" }
    return forecast
  }
}

extension StageForecast {
  /// Of a stage that passes samples on, in blocks of its own.
  fileprivate static func passingOn(_ stream: StreamShape?) -> StageForecast {
    var shape = stream
    shape?.blocksAtOnce = Passage.blocksAtOnce
    return StageForecast(stream: shape)
  }
}
