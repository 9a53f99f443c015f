import Foundation
import NeuralCollapse
import TestSupport
import Testing

/// The example from the module's doc comment, line for line.
func example(data: String, state file: String) async throws -> String {
  // Fold files: any format that `collapse` reads, several files as one stream. Save the state and load it again.
  let accumulator = try Accumulator(within: .pooled)
  for try await block in try SampleStream(data + "/train-*.npy.zst") { try accumulator.fold(block) }
  try accumulator.save(to: file)
  let state = try CollapseState(reading: file)

  // Fold arrays: two samples of token 7 here, one of token 9 there, each with three features. Merge them.
  let (here, there) = (try Accumulator(dimension: 3), try Accumulator(dimension: 3))
  try here.fold(labels: [7, 7], features: [0.5, 1, 0, 0.5, 0.5, 1] as [Float])
  try there.fold(labels: [9], features: [2, 0, 1] as [Float])
  let merged = try CollapseState.merge([here.finish(), there.finish()])

  // Decide unseen samples, for NC4.
  let classifier = try Classifier(data + "/model.safetensors#lm_head.weight")
  let decider = try Decider(state, classifier: classifier)
  for try await block in try SampleStream(data + "/validation.npy.zst") { try decider.decide(block) }

  // Measure.
  let measurements = try await state.measure(classifier: classifier, decisions: decider.finish())
  print(merged.samples, measurements["nc1_cdnv"]?.mean ?? .nan, measurements["nc4"]?.value ?? .nan)
  return measurements.json
}

@Suite("The example in the documentation of NeuralCollapse")
struct ExampleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("The doc comment shows exactly the code compiled here")
  func text() throws {
    let source = try String(contentsOfFile: #filePath, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(source.firstIndex { $0.hasPrefix("func example") })
    let last = try #require(source[first...].firstIndex(of: "}"))
    let module = Places.root.appendingPathComponent("Sources/NeuralCollapse/NeuralCollapse.swift").path
    let comment = try String(contentsOfFile: module, encoding: .utf8).split(separator: "\n").map { $0.dropFirst(3) }
    let start = try #require(comment.firstIndex(of: " ```swift"))
    let end = try #require(comment[(start + 1)...].firstIndex(of: " ```"))
    let shown = comment[(start + 1)..<end].map { $0.hasPrefix(" ") ? $0.dropFirst() : $0 }
    #expect(shown.first == "import NeuralCollapse")
    #expect(Array(shown.drop { !$0.hasPrefix("func example") }) == Array(source[first...last]))
  }

  @Test("It gives the command line's measurements, byte for byte, and the golden numbers")
  func numbers() async throws {
    let found = try await example(data: Places.sample, state: folder.file("own.h5"))
    let head = Places.sample + "/model.safetensors#lm_head.weight"
    for arguments in [
      ["accumulate", Places.sample + "/train-*.npy.zst", "--within", "pooled", "--output", folder.file("moments.h5")],
      [
        "decide", Places.sample + "/validation.npy.zst", "--moments", folder.file("moments.h5"), "--classifier", head,
        "--output", folder.file("decisions.h5"),
      ],
      [
        "measure", folder.file("moments.h5"), "--classifier", head, "--decisions", folder.file("decisions.h5"),
        "--output", folder.file("geometry.json"),
      ],
    ] {
      let result = try Tool.run(Places.tool, arguments)
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try folder.read("geometry.json") == Array(found.utf8))
    let golden = try Golden.numbers(try Array(Data(contentsOf: URL(fileURLWithPath: Places.sample + "/golden.json"))))
    let numbers = try Golden.numbers(Array(found.utf8))
    for (key, expected) in golden { #expect(Golden.deviation(numbers[key], expected) < 1e-9, "\(key)") }
  }
}
