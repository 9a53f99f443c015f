import Foundation
import NeuralCollapse
import TestSupport
import Testing

@Suite("Measuring and deciding with NeuralCollapse")
struct MeasuringTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two classes on a line, at 0 ± 1 and 10 ± 1.
  private func state() throws -> CollapseState {
    let accumulator = try Accumulator()
    try accumulator.fold(labels: [0, 0, 1, 1], features: [-1, 1, 9, 11] as [Float])
    return try accumulator.finish()
  }

  @Test("Measurements can be read by name and in order, with their definitions")
  func access() async throws {
    let measurements = try await state().measure()
    #expect(measurements["tokens"]?.value == 4 && measurements["classes"]?.value == 2)
    #expect(measurements["nc1_cdnv"]?.mean == 0.01 && measurements["nc1_cdnv"]?["std"] == 0)
    #expect(measurements["nc1_cdnv"]?.value == nil && measurements["nc2_norm"]?.mean == 5)
    #expect(measurements["nc2_norm"]?.cv == 0 && measurements["nc3_cosine"] == nil)
    #expect(measurements.map(\.id).prefix(3) == ["tokens", "classes", "dimension"])
    let cdnv = try #require(measurements["nc1_cdnv"])
    #expect(!cdnv.title.isEmpty && !cdnv.formula.isEmpty && !cdnv.source.isEmpty && cdnv.underCollapse == "→ 0")
    #expect(measurements.json.contains("\"provenance\"") && measurements.classesCSV.hasPrefix("token,count,norm"))
  }

  @Test("Standard errors are known with a within-class scatter, and corrected measurements name the raw one")
  func errors() async throws {
    let accumulator = try Accumulator(within: .pooled)
    try accumulator.fold(labels: [0, 0, 1, 1], features: [-1, 1, 9, 11] as [Float])
    let measurements = try await accumulator.finish().measure()
    // e_c = 1, so B = 25 − ½. Var B = (4·½·Σ(25 − 1)·½… is checked elsewhere; here it is positive and of the right size.
    let between = try #require(measurements["between_trace_corrected"])
    #expect(between.value == 24.5 && between.corrects == "between_trace")
    let error = try #require(between.standardError)
    #expect(error > 4 && error < 8)
    #expect(measurements["nc1_cdnv"]?.standardError == nil && measurements["nc1_quotient"]?.corrects == nil)
    #expect(try await state().measure()["between_trace"]?.standardError == nil)
  }

  @Test("The doc comment of Measurements names every measurement")
  func documented() async throws {
    let accumulator = try Accumulator(within: .pooled)
    try accumulator.fold(labels: [0, 0, 1, 1], features: [-1, 1, 9, 11] as [Float])
    let state = try accumulator.finish()
    let classifier = try Classifier(weights: [-1, 1] as [Double], dimension: 1)
    let decider = try Decider(state, classifier: classifier)
    try decider.decide(labels: [0], features: [1] as [Float])
    let measurements = try await state.measure(
      classifier: classifier, decisions: decider.finish(), outOfDistribution: state)
    for name in ["nc1_pinv", "nc3_cosine", "nc4", "nc5_ood_deviation"] { #expect(measurements[name] != nil, "\(name)") }
    let file = Places.root.appendingPathComponent("Sources/NeuralCollapse/Measurements.swift")
    let text = try String(contentsOf: file, encoding: .utf8)
    for name in measurements.map(\.id) { #expect(text.contains("`\(name)`"), "\(name)") }
  }

  @Test("Choices of the classifier and the nearest mean are counted: from arrays, with a bias, and with predictions")
  func decisions() async throws {
    let state = try state()
    // w·h + b: 0 for token 0, h − 4 for token 1.
    let classifier = try Classifier(weights: [0, 1] as [Double], dimension: 1, bias: [0, -4])
    #expect(classifier.rows == 2 && classifier.dimension == 1)
    let decider = try Decider(state, classifier: classifier, threads: 1)
    try decider.decide(labels: [0, 0, 1], features: [1, 4.5, 8] as [Float])
    let decisions = try decider.finish()
    #expect(decisions.samples == 3 && decisions.hits == 2)
    #expect(decisions.classifierCorrect == 2 && decisions.nearestCorrect == 3)
    #expect(decisions.stateChecksum == state.checksum)
    try decisions.save(to: folder.file("decisions.h5"))
    let read = try Decisions(reading: folder.file("decisions.h5"))
    #expect(read == decisions)
    let measurements = try await state.measure(classifier: classifier, decisions: read, threads: 1)
    #expect(measurements["nc4"]?.value == 2.0 / 3 && measurements["nc4"]?["hits"] == 2)
    let predicting = try Decider(state)
    try predicting.decide(labels: [0, 1], features: [1, 8] as [Double], predictions: [1, 1])
    #expect(try predicting.finish().hits == 1)
  }

  @Test("Classifiers and samples give the same bytes from arrays as from files")
  func sameBytes() async throws {
    let accumulator = try Accumulator()
    for try await block in try SampleStream(Places.sample + "/train-*.npy.zst") { try accumulator.fold(block) }
    let state = try accumulator.finish()
    let samples = StreamSamples(rows: 700, dimension: 64, scalar: .float16)
    let file = try folder.write("unseen.npy", samples.stream(batches: [300]))
    var random = SeededGenerator(3)
    let weights = (0..<(64 * 2_048)).map { _ in Float.random(in: -1...1, using: &random) }
    let head = try folder.write("head.npy", NPY.features("<f4", weights, dimension: 64))
    let (inMemory, inFile) = (try Classifier(weights: weights, dimension: 64), try Classifier(head))
    let (first, second) = (try Decider(state, classifier: inMemory), try Decider(state, classifier: inFile, threads: 1))
    try first.decide(
      labels: samples.labels,
      features: samples.features.withUnsafeBytes { $0.withMemoryRebound(to: Float16.self) { Array($0) } })
    for try await block in try SampleStream(file) { try second.decide(block) }
    let (a, b) = (try first.finish(), try second.finish())
    #expect(a == b)
    let measured = try await state.measure(classifier: inMemory, decisions: a)
    #expect(try await state.measure(classifier: inFile, decisions: b).json == measured.json)
  }

  @Test("Options give the same bytes as those of the command line")
  func options() async throws {
    let state = try state()
    let other = try Accumulator()
    try other.fold(labels: [5, 6], features: [3, 4] as [Float])
    let foreign = try other.finish()
    try state.save(to: folder.file("m.h5"))
    try foreign.save(to: folder.file("ood.h5"))
    let result = try Tool.collapse(
      "measure", folder.file("m.h5"), "--ood", folder.file("ood.h5"), "--min-count", "2", "--max-count", "9",
      "--global-mean", "weighted", "--pairs", "5", "--seed", "3", "--output", folder.file("m.json"), "--classes",
      folder.file("c.csv"))
    #expect(result.status == 0, "\(result.errors)")
    let measured = try await state.measure(
      outOfDistribution: foreign, minimumCount: 2, maximumCount: 9, globalMean: .weighted,
      sampling: PairSampling(pairs: 5, seed: 3))
    #expect(try folder.read("m.json") == Array(measured.json.utf8))
    #expect(try folder.read("c.csv") == Array(measured.classesCSV.utf8))
  }
}
