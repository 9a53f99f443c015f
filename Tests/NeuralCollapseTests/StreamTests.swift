import Foundation
import NeuralCollapse
import TestSupport
import Testing

@Suite("Streams of NeuralCollapse")
struct StreamTests {
  private static let fixtures = Places.root.path + "/Tests/FormatsTests/Fixtures/"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func state(_ stream: SampleStream) async throws -> CollapseState {
    let accumulator = try Accumulator()
    for try await block in stream { try accumulator.fold(block) }
    return try accumulator.finish()
  }

  @Test(
    "The same samples in another container are the same state",
    arguments: ["samples.npy.zst", "samples.safetensors", "chunked.h5", "zstd-shuffle.h5", "groups.h5"])
  func containers(name: String) async throws {
    let expected = try await state(SampleStream(Self.fixtures + "samples.npy"))
    #expect(expected.samples == 150 && expected.dimension == 6)
    #expect(try await state(SampleStream(Self.fixtures + name)) == expected)
  }

  @Test("What was chosen for the user is said once, with the first block, and by a classifier")
  func choices() async throws {
    var said: [String] = []
    for try await block in try SampleStream(Self.fixtures + "samples.safetensors") { said += block.choices }
    #expect(said.count == 1)
    #expect(said.first?.contains("labels are next tokens") == true, "\(said)")
    let head = try Classifier(Places.root.path + "/Examples/tiny-kjv/data/model.safetensors")
    #expect(head.choice?.contains("lm_head.weight [") == true, "\(head.choice ?? "")")
    #expect(try Classifier(weights: [1, 0] as [Double], dimension: 2).choice == nil)
  }

  @Test("Arrays with other names are read if these are given")
  func names() async throws {
    let expected = try await state(SampleStream(Self.fixtures + "samples.npy"))
    let named = try await state(
      SampleStream(Self.fixtures + "named.h5", labels: "tokens", features: "hidden"))
    #expect(named == expected)
  }

  @Test("Features without labels are labelled with the tokens of another file")
  func tokens() async throws {
    let paired = Self.fixtures + "paired/"
    let expected = try await state(SampleStream(paired + "expected-offsets-eot-every.npy"))
    let sequences = TokenFiles.Sequences.offsets([paired + "offsets.npy"])
    for (features, tokens, integers) in [
      ("features.npy", "tokens.npy.zst", nil), ("features.npy.zst", "tokens-uint16.bin", TokenFiles.Integers.uint16),
      ("features.npy", "tokens-uint32.bin.zst", .uint32),
    ] {
      let files = TokenFiles(
        [paired + tokens], integers: integers, sequences: sequences, endOfText: 9, everySequence: 2)
      #expect(try await state(SampleStream(paired + features, tokens: files)) == expected)
    }
  }

  @Test("Blocks give labels, predictions, origins, and features in the stored type or a wider one")
  func blocks() async throws {
    let file = try folder.write(
      "s.npy", NPY.labels([3, 1]) + NPY.labels([3, 2]) + NPY.features("<f2", [1, 2, 3, 4] as [Float16], dimension: 2))
    var count = 0
    for try await block in try SampleStream(file) {
      count += block.count
      #expect(block.dimension == 2 && block.featureType == .float16)
      #expect(block.labels == [3, 1] && block.predictions == [3, 2])
      #expect(try block.features(as: Float16.self) == [1, 2, 3, 4])
      #expect(try block.features(as: Float.self) == [1, 2, 3, 4])
      #expect(try block.features(as: Double.self) == [1, 2, 3, 4])
      #expect(block.origin(of: 1) == (file, 1))
      var seen: [Float16] = []
      try block.withFeatures(as: Float16.self) { features, samples in
        #expect(features.count == samples.count * 2)
        for index in features.indices { seen.append(features[index]) }
      }
      #expect(seen == [1, 2, 3, 4])
      #expect(throws: CollapseError.self) { try block.withFeatures(as: Double.self) { _, _ in } }
    }
    #expect(count == 2)
    let wide = try folder.write("w.npy", NPY.batch([1], [1, 2], dimension: 2))
    for try await block in try SampleStream(wide) {
      #expect(throws: CollapseError.self) { try block.features(as: Float16.self) }
    }
  }

  @Test("A stream can be read twice from the start, and a range of rows can be read")
  func again() async throws {
    let stream = try SampleStream(Places.sample + "/train-*.npy.zst")
    #expect(stream.files.count == 2)
    var counts: [Int] = []
    for _ in 0..<2 {
      var count = 0
      for try await block in stream { count += block.count }
      counts.append(count)
    }
    #expect(counts == [20_000, 20_000])
    var rows = 0
    for try await block in try SampleStream(Places.sample + "/train-*.npy.zst", rows: 10..<15) { rows += block.count }
    #expect(rows == 5)
  }

  @Test("Cancelling the task ends a read that waits for a pipe")
  func cancellation() async throws {
    let pipe = try folder.makePipe("pipe")
    // Open for writing, so that the reader waits for bytes that never come.
    let writer = open(pipe, O_RDWR)
    defer { close(writer) }
    let task = Task {
      for try await _ in try SampleStream(pipe) {}
    }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("Measuring in a cancelled task throws CancellationError")
  func measuring() async throws {
    let state = try await state(SampleStream(Places.sample + "/train-*.npy.zst"))
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await state.measure()
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
