import TestSupport
import Testing

@Suite("Sample digest")
struct SampleDigestTests {
  private let samples = StreamSamples(
    labels: [1, 2, 3, 4], rows: [[0.5, 1], [2, 3], [4, 5], [6, 7]])

  private func digest(_ samples: StreamSamples) throws -> String {
    let folder = try TemporaryFolder()
    return try readAll(folder.write("a", samples.stream())).summary.digest
  }

  @Test("Other labels, features or orders change the digest; predictions do not")
  func identity() throws {
    let digest = try digest(samples)
    var other = samples
    other.labels[3] = 5
    #expect(try self.digest(other) != digest)
    other = samples
    other.features[0] ^= 1
    #expect(try self.digest(other) != digest)
    other = samples
    other.labels.swapAt(0, 1)
    #expect(try self.digest(other) != digest)
    other = samples
    other.predictions = [9, 9, 9, 9]
    #expect(try self.digest(other) == digest)
  }

  @Test("Other types or byte orders give the same digest, if the stored numbers are the same")
  func types() throws {
    let folder = try TemporaryFolder()
    let swapped = stride(from: 0, to: samples.features.count, by: 8).flatMap {
      samples.features[$0..<$0 + 8].reversed()
    }
    let stream =
      NPY.integers(samples.labels.map { UInt8($0) }) + NPY.array(">f8", [4, 2], Array(swapped))
    #expect(try readAll(folder.write("a", stream)).summary.digest == digest(samples))
  }
}
