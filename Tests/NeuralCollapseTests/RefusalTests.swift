import Foundation
import NeuralCollapse
import TestSupport
import Testing

/// What the library refuses, and its messages.
@Suite("Errors of NeuralCollapse")
struct RefusalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Expects an error of this kind. No part of it may be empty or name a command-line option.
  @discardableResult
  private func expect(
    _ kind: CollapseError.Kind, _ source: String? = nil, mentioning words: String...,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
  ) async -> CollapseError? {
    let error: CollapseError
    do {
      try await body()
      Issue.record("nothing is refused", sourceLocation: sourceLocation)
      return nil
    } catch let thrown as CollapseError {
      error = thrown
    } catch let thrown {
      Issue.record(thrown, sourceLocation: sourceLocation)
      return nil
    }
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    if let source { #expect(error.source == source, "\(error)", sourceLocation: sourceLocation) }
    for word in words { #expect(error.description.contains(word), "\(error)", sourceLocation: sourceLocation) }
    for part in [error.expected, error.found, error.advice] {
      #expect(!part.isEmpty && !part.contains("--"), "\(error)", sourceLocation: sourceLocation)
    }
    return error
  }

  @Test("Counts that do not match are reported with the parameters' names, and change nothing")
  func sizes() async throws {
    let accumulator = try Accumulator(dimension: 4)
    let (labels, features) = ([1, 2, 3], [Float](repeating: 1, count: 10))
    let error = await expect(.size, "features") { try accumulator.fold(labels: labels, features: features) }
    #expect(error?.found == "labels.count is 3, features.count 10 is not a multiple of dimension 4")
    await expect(.size, "features", mentioning: "labels.count is 3, features.count 8") {
      try accumulator.fold(labels: labels, features: [Float](repeating: 1, count: 8))
    }
    await expect(.size, "features", mentioning: "features.count 10") {
      try Accumulator().fold(labels: labels, features: features)
    }
    await expect(.size, "features") { try Accumulator().fold(labels: [Int](), features: features) }
    #expect(accumulator.samples == 0)
    try accumulator.fold(labels: labels, features: [Float](repeating: 1, count: 12))
    try accumulator.fold(labels: [Int](), features: [Float]())
    #expect(try accumulator.finish().samples == 3)
  }

  @Test("Labels that are negative or not below the vocabulary are reported, and change nothing")
  func labels() async throws {
    let accumulator = try Accumulator(vocabulary: 10)
    await expect(.label, "labels", mentioning: "labels[1]", "-100") {
      try accumulator.fold(labels: [1, -100], features: [1.0, 2])
    }
    await expect(.label, "labels", mentioning: "labels[0]", "below the vocabulary", "10") {
      try accumulator.fold(labels: [10] as [UInt8], features: [1.0])
    }
    await expect(.label, "labels", mentioning: "2147483648") {
      try Accumulator().fold(labels: [1 << 31], features: [1.0])
    }
    #expect(accumulator.samples == 0)
    await expect(.parameter, "vocabulary") { _ = try Accumulator(vocabulary: 0) }
  }

  @Test("A batch or block of another dimension is refused")
  func dimensions() async throws {
    let accumulator = try Accumulator()
    try accumulator.fold(labels: [1, 2], features: [1.0, 2, 3, 4])
    let file = try folder.write("wide.npy", NPY.batch([1], [1, 2, 3], dimension: 3))
    await expect(.dimension, "features", mentioning: "dimension 2", "dimension 3") {
      for try await block in try SampleStream(file) { try accumulator.fold(block) }
    }
    await expect(.dimension, "dimension") { _ = try Accumulator(dimension: 0) }
  }

  @Test("A row with NaN is reported by its number over all batches, and later calls throw too")
  func nonfinite() async throws {
    let accumulator = try Accumulator(dimension: 1)
    try accumulator.fold(labels: [1, 2], features: [1.0, 2])
    try accumulator.fold(labels: [1, 2], features: [1.0, .nan])
    await expect(.nonfinite, "features", mentioning: "row 3", "`nonfinite: .skip`") { _ = try accumulator.finish() }
    await expect(.nonfinite) { try accumulator.fold(labels: [1], features: [1.0]) }
    let file = try folder.write("nan.npy", NPY.batch([1, 2], [1, .infinity], dimension: 1))
    await expect(.nonfinite, file, mentioning: "row 1") {
      let accumulator = try Accumulator()
      for try await block in try SampleStream(file) { try accumulator.fold(block) }
      _ = try accumulator.finish()
    }
    await expect(.nonfinite, file, mentioning: "row 1") {
      for try await block in try SampleStream(file) { _ = try block.features(as: Double.self) }
    }
  }

  @Test("Finishing without samples and folding after the end are refused")
  func ends() async throws {
    await expect(.noSamples) { _ = try Accumulator().finish() }
    let accumulator = try Accumulator()
    try accumulator.fold(labels: [1], features: [1.0])
    _ = try accumulator.finish()
    await expect(.finished) { try accumulator.fold(labels: [1], features: [1.0]) }
    await expect(.finished) { _ = try accumulator.finish() }
    await expect(.parameter, "states") { _ = try CollapseState.merge([]) }
  }

  @Test("Errors name files that are missing, damaged or of another kind")
  func files() async throws {
    await expect(.missingFile, folder.file("none.npy")) { _ = try SampleStream(folder.file("none.npy")) }
    await expect(.missingFile, folder.file("none.h5")) { _ = try CollapseState(reading: folder.file("none.h5")) }
    await expect(.missingFile) { _ = try Classifier(folder.file("none.npy")) }
    let text = try folder.write("text.npy", text: "no array")
    await expect(.badFile, text) { for try await _ in try SampleStream(text) {} }
    let short = try folder.write("short.npy", Array(NPY.batch([1, 2], [1, 2], dimension: 1).dropLast(3)))
    await expect(.badFile, short) { for try await _ in try SampleStream(short) {} }
    await expect(.cannotWrite) {
      let accumulator = try Accumulator()
      try accumulator.fold(labels: [1], features: [1.0])
      try accumulator.save(to: folder.file("no/folder/state.h5"))
    }
  }

  @Test("Errors about files name parameters instead of command-line options")
  func words() async throws {
    let samples = StreamSamples(rows: 4, dimension: 2, scalar: .float16)
    RawHDF5.write(folder.file("a.h5"), dataset: "x", [1, 2, 3, 4], shape: [2, 2])
    await expect(.badFile, mentioning: "`labels`", "`features`") {
      for try await _ in try SampleStream(folder.file("a.h5")) {}
    }
    let bits = NPY.integers(samples.labels) + NPY.array("<u2", [4, 2], samples.features)
    let file = try folder.write("bits.npy", bits)
    await expect(.badFile, file, mentioning: "`bfloat16Bits: true`") { for try await _ in try SampleStream(file) {} }
    let features = try folder.write("features.npy", NPY.floats([[1], [2]]))
    let raw = try folder.write("tokens.bin", [1, 0, 2])
    await expect(.badFile, mentioning: "`integers: .uint16`") {
      for try await _ in try SampleStream(features, tokens: TokenFiles([raw])) {}
    }
    let tokens = try folder.write("tokens.npy", NPY.labels([1, 2]))
    await expect(.badFile, mentioning: "`sequences: .length`", "`endOfText`") {
      for try await _ in try SampleStream(features, tokens: TokenFiles([tokens])) {}
    }
    await expect(.parameter, "sequences") {
      _ = try SampleStream(features, tokens: TokenFiles([tokens], sequences: .length(0)))
    }
  }

  @Test("States, classifiers and decisions that do not match are refused")
  func mismatches() async throws {
    func state(_ features: [Float], dimension: Int, within: WithinScatter = .none) throws -> CollapseState {
      let accumulator = try Accumulator(dimension: dimension, within: within)
      try accumulator.fold(labels: [0, 0, 1, 1], features: features)
      return try accumulator.finish()
    }
    let a = try state([1, 2, 3, 5], dimension: 1)
    let wide = try state([1, 2, 3, 4, 5, 7, 6, 9], dimension: 2)
    let scattered = try state([1, 2, 3, 5], dimension: 1, within: .pooled)
    let narrow = try Classifier(weights: [1, 2] as [Float], dimension: 1)
    await expect(.dimension, "states[1]", mentioning: "states[0]") { _ = try CollapseState.merge([a, wide]) }
    await expect(.mismatch, "states[1]") { _ = try CollapseState.merge([a, scattered]) }
    await expect(.dimension, "classifier") { _ = try await wide.measure(classifier: narrow) }
    await expect(.dimension, "classifier") { _ = try Decider(wide, classifier: narrow) }
    await expect(.size, "classifier") {
      _ = try Decider(a, classifier: try Classifier(weights: [1] as [Float], dimension: 1))
    }
    let decider = try Decider(a, classifier: narrow)
    try decider.decide(labels: [0], features: [1] as [Float])
    let decisions = try decider.finish()
    await expect(.mismatch, "decisions") { _ = try await scattered.measure(decisions: decisions) }
    let other = try Classifier(weights: [1, 3] as [Float], dimension: 1)
    await expect(.mismatch, "decisions") { _ = try await a.measure(classifier: other, decisions: decisions) }
    _ = try await a.measure(classifier: Classifier(weights: [1, 2] as [Double], dimension: 1), decisions: decisions)
    await expect(.parameter, mentioning: "row 0") {
      let decider = try Decider(a)
      try decider.decide(labels: [0], features: [1] as [Float])
      _ = try decider.finish()
    }
    await expect(.size, "predictions") {
      try Decider(a).decide(labels: [0], features: [1] as [Float], predictions: [1, 1])
    }
    await expect(.unmeasurable) { _ = try await a.measure(minimumCount: 3) }
  }

  @Test("Weights and biases of the wrong size or range are refused")
  func classifiers() async throws {
    await expect(.size, "weights") { _ = try Classifier(weights: [1, 2, 3] as [Double], dimension: 2) }
    await expect(.size, "bias") { _ = try Classifier(weights: [1, 2] as [Double], dimension: 2, bias: [1, 2]) }
    await expect(.outOfRange, "bias", mentioning: "bias[0]") {
      _ = try Classifier(weights: [1, 2] as [Double], dimension: 2, bias: [.nan])
    }
    await expect(.outOfRange, "weights") { _ = try Classifier(weights: [1, .nan] as [Double], dimension: 2) }
    await expect(.dimension, "dimension") { _ = try Classifier(weights: [1] as [Double], dimension: 0) }
  }
}
