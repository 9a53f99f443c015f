import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Inputs of a stream")
struct StreamInputTests {
  /// Two rows of one feature.
  private let batch = NPY.batch([4, 6], [0.5, 1.5], dimension: 1)

  @Test("The content of an input decides how it is opened, whatever its name")
  func containers() throws {
    let folder = try TemporaryFolder()
    let h5 = folder.file("h5.npy")
    RawHDF5.write(h5, StreamSamples(labels: [4, 6], rows: [[0.5], [1.5]]), chunkRows: nil)
    let tensors = Safetensors.file([
      ("labels", "I32", [2], NPY.bytes(of: [4, 6] as [Int32])),
      ("embeddings", "F32", [2, 1], NPY.bytes(of: [0.5, 1.5] as [Float])),
    ])
    let inputs = [
      (try folder.write("npy.h5", batch), "NPY"), (try folder.write("zst.npy", Zstd.frame(batch)), "NPY in Zstandard"),
      (h5, "HDF5"), (try folder.write("tensors.npy", tensors), "safetensors"),
    ]
    for (name, container) in inputs {
      let input = try StreamInputs.open(name, options: ReadOptions())
      #expect(input.container == container && input.name == name && input.notes.isEmpty)
      var labels: [Int32] = []
      while let batch = try input.nextBatch(firstRow: 0, options: ReadOptions()) {
        try batch.scanLabels { labels += $0 }
      }
      #expect(labels == [4, 6], "\(container)")
    }
  }

  @Test("With separate tokens, an input is features by position, and its number says which tokens belong to it")
  func paired() throws {
    let folder = try TemporaryFolder()
    let features = try folder.write("x", NPY.floats([[1], [2], [3]]))
    let tokens = try [[1, 2, 3], [7, 8, 9] as [Int32]].enumerated().map { try folder.write("t\($0)", NPY.labels($1)) }
    let options = ReadOptions(alignment: TokenAlignment(tokens: tokens, bounds: .length(3)))
    for (number, expected) in [(0, [2, 3]), (1, [8, 9])] as [(Int, [Int32])] {
      let input = try StreamInputs.open(features, number: number, options: options)
      #expect(input is AlignedInput && input.container == "NPY and tokens in NPY")
      let batch = try #require(try input.nextBatch(firstRow: 0, options: options))
      var labels: [Int32] = []
      try batch.scanLabels { labels += $0 }
      #expect(labels == expected)
    }
    expectError(.badReference) { _ = try StreamInputs.open(features, number: 2, options: options) }
  }

  @Test("An input resumes at a batch: arrays by position, named arrays by number")
  func place() throws {
    let folder = try TemporaryFolder()
    let second = NPY.batch([8], [2.5], dimension: 1)
    let h5 = folder.file("a.h5")
    for (group, label) in [("a", 4), ("b", 8)] as [(String, Int32)] {
      RawHDF5.write(h5, StreamSamples(labels: [label], rows: [[0.5]]), group: group, chunkRows: nil)
    }
    for (name, mark) in [
      (try folder.write("a.npy", batch + second), ResumablePosition(frame: batch.count, content: 0)),
      (h5, ResumablePosition(frame: 1, content: 0)),
    ] {
      let input = try StreamInputs.open(name, options: ReadOptions(), at: (mark, batch.count))
      var labels: [Int32] = []
      while let batch = try input.nextBatch(firstRow: 0, options: ReadOptions()) {
        try batch.scanLabels { labels += $0 }
      }
      #expect(labels == [8])
    }
  }
}
