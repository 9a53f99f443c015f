import NeuralCollapse

/// Measures this repository's sample, or the speed of accumulating a stream. All it imports is `NeuralCollapse`.
@main
struct Main {
  static func main() async throws {
    switch Array(CommandLine.arguments.dropFirst()) {
    case let arguments where arguments.count == 1: try await measure(folder: arguments[0])
    case let arguments where arguments.count == 3 && arguments[0] == "--time":
      try await time(file: arguments[1], state: arguments[2])
    default: print("usage: library FOLDER, or library --time STREAM STATE")
    }
  }

  /// Prints what `collapse run Pipelines/quickstart.yaml` writes to geometry.json.
  static func measure(folder: String) async throws {
    let accumulator = try Accumulator(within: .pooled)
    for try await block in try SampleStream(folder + "/train-*.npy.zst") { try accumulator.fold(block) }
    let state = try accumulator.finish()

    let classifier = try Classifier(folder + "/model.safetensors#lm_head.weight")
    let decider = try Decider(state, classifier: classifier)
    for try await block in try SampleStream(folder + "/validation.npy.zst") { try decider.decide(block) }

    let measurements = try await state.measure(classifier: classifier, decisions: decider.finish())
    print(measurements.json, terminator: "")
  }

  /// Does the work of `collapse accumulate STREAM --output STATE` and prints its speed.
  static func time(file: String, state: String) async throws {
    let start = ContinuousClock.now
    let accumulator = try Accumulator()
    for try await block in try SampleStream(file) { try accumulator.fold(block) }
    try accumulator.save(to: state)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print("\(accumulator.samples) rows in \(seconds) s, \(Int(Double(accumulator.samples) / seconds)) rows/s")
  }
}
