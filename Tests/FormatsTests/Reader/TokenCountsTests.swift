import TestSupport
import Testing

@testable import Formats

@Suite("Counts of tokens")
struct TokenCountsTests {
  private func counts(_ tokens: [Int32]) -> TokenCounts {
    var counts = TokenCounts()
    tokens.withUnsafeBufferPointer { counts.add($0) }
    return counts
  }

  @Test("Each id is counted, even the largest, and the table is in order of ids")
  func table() {
    let counts = counts([5, .max - 1, 0, 5, 1 << 20, (1 << 20) - 1])
    #expect(counts.samples == 6)
    #expect(counts.csv == "token,count\n0,1\n5,2\n1048575,1\n1048576,1\n2147483646,1\n")
    #expect(TokenCounts().csv == "token,count\n")
  }

  @Test("Counts of parts add up to those of the whole")
  func sums() {
    var generator = SeededGenerator(1)
    let tokens = (0..<5_000).map { _ in Int32.random(in: 0..<2_000_000, using: &generator) / 1_000 }
    var sum = counts(Array(tokens[..<1_234]))
    sum.add(counts(Array(tokens[1_234...])))
    #expect(sum.csv == counts(tokens).csv && sum.samples == 5_000)
  }

  @Test("Streams in every container, and arrays named in them, give the counts of the NPY stream")
  func streams() throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 500, dimension: 2, scalar: .float32)
    let ids = NPY.bytes(of: samples.labels)
    let h5 = folder.file("a.h5")
    RawHDF5.write(h5, samples, group: "s9", chunkRows: 32)
    let tensors = try folder.write(
      "a.safetensors",
      Safetensors.file([("labels", "I32", [500, 1], ids), ("features", "F32", [500, 1, 2], samples.features)]))
    let npy = NPY.array("<i4", [500, 1], ids) + NPY.array("<f4", [500, 1, 2], samples.features)
    let expected = counts(samples.labels).csv
    for name in [h5, tensors, h5 + "#s9/labels", tensors + "#labels", try folder.write("a.npy", npy)] {
      var found = TokenCounts()
      try found.add(file: name, width: nil)
      #expect(found.csv == expected && found.samples == 500, "\(name)")
    }
    let names = try folder.write(
      "b.safetensors",
      Safetensors.file([
        ("a", "I32", [500], ids), ("b", "I32", [500], ids.reversed()),
        ("x", "U16", [500, 2], Array(samples.features[..<2_000])),
      ]))
    var found = TokenCounts()
    let options = ReadOptions(uint16IsBFloat16: true, arrays: ArrayNames(labels: "a", features: "x"))
    try found.add(file: names, width: nil, options: options)
    #expect(found.csv == expected)
  }

  @Test("Two arrays of integers before features are labels and predictions; without features both are token ids")
  func arrays() throws {
    let folder = try TemporaryFolder()
    let (one, two, three) = (NPY.labels([1, 1]), NPY.labels([2, 2]), NPY.labels([3, 3]))
    func table(_ bytes: [UInt8]) throws -> String {
      var counts = TokenCounts()
      try counts.add(file: try folder.write("a.npy", bytes), width: nil)
      return counts.csv
    }
    #expect(try table(one + two) == "token,count\n1,2\n2,2\n")
    #expect(try table(one + two + NPY.floats([[1], [2]])) == "token,count\n1,2\n")
    #expect(try table(one + two + three) == "token,count\n1,2\n2,2\n3,2\n")
  }
}
