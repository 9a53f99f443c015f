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
