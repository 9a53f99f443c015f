import TestSupport
import Testing

@testable import Formats
@testable import HDF5

@Suite("What was chosen, in words")
struct StreamChoiceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func said(_ inputs: [String], _ options: ReadOptions = ReadOptions()) throws -> [String] {
    let reader = EmbeddingReader(inputs: inputs, options: options)
    while try reader.next() != nil {}
    defer { #expect(reader.newChoices() == []) }
    return reader.newChoices()
  }

  private func tensors(_ name: String, _ labels: String, _ group: String = "") throws -> String {
    try folder.write(
      name,
      Safetensors.file([
        (group + labels, "I64", [3], NPY.bytes(of: [1, 2, 3])),
        (group + "hidden", "F32", [3, 2], NPY.bytes(of: [1, 2, 3, 4, 5, 6] as [Float])),
      ]))
  }

  @Test("Arrays by name with their types, and what labels are, once for all files alike")
  func labels() throws {
    let labels = "labels: labels [N] int64, features: hidden [N × 2] float32, labels are next tokens"
    let files = [try tensors("a.safetensors", "labels"), try tensors("b.safetensors", "labels")]
    #expect(try said(files) == [labels])
    #expect(try StreamOverview(files[0]).choices == [labels])
    let tokens =
      "tokens: input_ids [T] int64, features: hidden [T × 2] float32, "
      + "the label of a position is the next token, the array is one sequence"
    #expect(try said(files + [tensors("c.safetensors", "input_ids")]) == [labels, tokens])
  }

  @Test("Groups share what is said; one group is named with its path")
  func groups() throws {
    let one = try tensors("a.safetensors", "labels", "x.")
    #expect(
      try said([one]) == ["labels: x.labels [N] int64, features: x.hidden [N × 2] float32, labels are next tokens"])
    let path = folder.file("a.h5")
    for group in ["a", "b"] {
      RawHDF5.write(path, StreamSamples(labels: [4, 4], rows: [[1], [2]]), group: group, chunkRows: nil)
    }
    #expect(
      try said([path])
        == ["labels: labels [N] int32, features: embeddings [N × 1] float64, labels are next tokens, in each group"])
  }

  @Test("Arrays in order, with predictions between them")
  func arrays() throws {
    let bytes = NPY.integers([1, 2] as [UInt16]) + NPY.labels([1, 2]) + NPY.floats([[1], [2]])
    #expect(
      try said([folder.write("a.npy", bytes + bytes)])
        == ["labels: [N] uint16, predictions: [N] int32, features: [N × 1] float32, labels are next tokens"])
  }

  @Test("Separate tokens: the array that was found in their file, and where sequences end")
  func apart() throws {
    let features = try folder.write("x.npy", NPY.floats([[1], [2], [3]]))
    let tokens = try tensors("t.safetensors", "input_ids")
    let lengths = try folder.write("l.safetensors", Safetensors.file([("n", "I64", [2], NPY.bytes(of: [1, 2]))]))
    let alignment = TokenAlignment(tokens: [tokens], bounds: .lengths([lengths]), endOfText: 9)
    #expect(
      try said([features], ReadOptions(alignment: alignment)) == [
        "tokens: input_ids [T] int64, features: [T × 1] float32, the label of a position is the next token, "
          + "sequences end at the lengths n and after each token 9"
      ])
    var counts = TokenCounts()
    try counts.add(nextTokens: 0, alignment)
    #expect(
      counts.choices == [
        "tokens: input_ids [T] int64, the label of a position is the next token, "
          + "sequences end at the lengths n and after each token 9"
      ])
  }

  @Test("Counting says which integers are counted, once for all files alike")
  func counts() throws {
    var counts = TokenCounts()
    let tokens = try folder.write("t.npy", NPY.labels([1, 2]))
    for file in [tokens, tokens, try folder.write("a.npy", NPY.batch([1], [0.5], dimension: 1))] {
      try counts.add(file: file, width: nil)
    }
    #expect(
      counts.choices
        == [
          "token ids: [N] int32, each is counted",
          "labels: [N] int32, features: [N × 1] float32, labels are next tokens",
        ])
  }
}
