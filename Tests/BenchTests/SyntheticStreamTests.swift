import Foundation
import TestSupport
import Testing

@testable import Bench
@testable import Formats
@testable import Samples
@testable import Support

@Suite("Synthetic stream")
struct SyntheticStreamTests {
  private func stream(
    rows: Int = 10_000, dimension: Int = 8, vocabulary: Int = 500, _ scalar: ScalarType = .float16, seed: UInt64 = 1
  ) -> SyntheticStream {
    SyntheticStream(rows: rows, dimension: dimension, vocabulary: vocabulary, scalar: scalar, seed: seed)
  }

  private func write(_ stream: SyntheticStream, threads: Int = 2) throws -> (TemporaryFolder, SyntheticFiles) {
    let folder = try TemporaryFolder()
    return (folder, try SyntheticFiles(stream, in: folder.path, workers: WorkerThreads(threads)))
  }

  private func read(_ file: String) throws -> (labels: [Int32], features: [Double], summary: StreamSummary) {
    let reader = EmbeddingReader(inputs: [file], options: ReadOptions(threads: 2))
    var (labels, features): ([Int32], [Double]) = ([], [])
    while let block = try reader.next() {
      labels += block.labels
      features += block.featureValues
    }
    return (labels, features, reader.finish())
  }

  @Test("Labels are below V, and the most frequent classes have their shares under Zipf's law")
  func labels() throws {
    let labels = ZipfLabels(vocabulary: 500, seed: 3)
    let ofTheFirst = 1 / (1...500).reduce(0) { $0 + 1 / Double($1) }
    var random = SplitMix64(seed: 5)
    var counts: [Int32: Int] = [:]
    for _ in 0..<20_000 { counts[labels.label(random.unit()), default: 0] += 1 }
    #expect(counts.keys.allSatisfy { (0..<500).contains($0) })
    let shares = counts.values.sorted(by: >).prefix(3).map { Double($0) / 20_000 }
    for (rank, share) in shares.enumerated() { #expect(abs(share * Double(rank + 1) - ofTheFirst) < 0.02) }
    #expect(counts[labels.label(0)] == counts.values.max())
    #expect((0..<500).contains(labels.label(1 - 0x1p-53)))
    #expect(ZipfLabels(vocabulary: 1, seed: 1).label(0.99) == 0)
  }

  @Test("The same seed gives the same bytes with any number of threads; another seed gives others")
  func reproducible() throws {
    let (one, _) = try write(stream(), threads: 1)
    let (three, _) = try write(stream(), threads: 3)
    let (other, _) = try write(stream(seed: 2))
    for name in ["stream.npy", "stream.npy.zst"] {
      #expect(try one.read(name) == three.read(name))
      #expect(try one.read(name) != other.read(name))
    }
  }

  @Test("Both containers hold the same samples", arguments: ScalarType.allCases)
  func containers(scalar: ScalarType) throws {
    let (folder, files) = try write(stream(scalar))
    let (plain, compressed) = try withExtendedLifetime(folder) { (try read(files.plain), try read(files.compressed)) }
    #expect(plain.summary.digest == compressed.summary.digest)
    #expect(plain.labels == compressed.labels)
    #expect(plain.labels.count == 10_000)
    #expect(plain.summary.scalars == [scalar])
    #expect(try folder.read("stream.npy").count == files.plainBytes)
    #expect(try folder.read("stream.npy.zst").count == files.compressedBytes)
    // A mean with variance 1/4 and noise with a scale from 0.75 to 1.25.
    let variance = plain.features.reduce(0) { $0 + $1 * $1 } / Double(plain.features.count)
    #expect(abs(variance - 1.27) < 0.15)
  }

  @Test("Rows of a class share a mean: their features are closer to each other than to those of others")
  func classMeans() throws {
    let (folder, files) = try write(stream(rows: 4_000, vocabulary: 2))
    let (labels, features, _) = try withExtendedLifetime(folder) { try read(files.plain) }
    let means = (0..<2).map { label -> [Double] in
      let rows = labels.indices.filter { labels[$0] == label }
      return (0..<8).map { feature in rows.reduce(0) { $0 + features[$1 * 8 + feature] } / Double(rows.count) }
    }
    #expect(zip(means[0], means[1]).contains { abs($0 - $1) > 0.2 })
  }

  @Test("Features do not compress better than real ones")
  func incompressible() throws {
    let (_, files) = try write(stream(rows: 4_096, dimension: 256, vocabulary: 50))
    let share = Double(files.compressedBytes) / Double(files.plainBytes)
    #expect(share > 0.88 && share < 0.96)
  }

  @Test(
    "The zstd command finds a frame for every 4096 rows, and the plain file in them", .enabled(if: Tool.exists("zstd")))
  func command() throws {
    let (folder, files) = try write(stream())
    let listing = try Tool.run("zstd", ["-l", files.compressed]).text.split(separator: "\n")
    #expect(listing.last?.split(separator: " ").first == "3")
    #expect(listing.last?.contains("XXH64") ?? false)
    #expect(try Tool.run("zstd", ["-dc", files.compressed]).output == folder.read("stream.npy"))
  }

  @Test("Batches have 4096 rows, or as many as fit in 32 MiB, and at least one")
  func batches() {
    #expect(stream().batches == 3)
    #expect(stream().rows(ofBatch: 2) == 8_192..<10_000)
    #expect(stream(dimension: 4_096).rowsPerBatch == 4_096)
    #expect(stream(dimension: 16_384).rowsPerBatch == 1_024)
    #expect(stream(rows: 3, dimension: 1 << 20, .float64).rowsPerBatch == 4)
    #expect(stream(rows: 1).byteCount == stream(rows: 1).bytes(ofBatch: 0))
  }

  @Test("Cancelling the task ends the writing")
  func cancelled() async throws {
    let folder = try TemporaryFolder()
    let stream = stream()
    let path = folder.path
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try SyntheticFiles(stream, in: path, workers: WorkerThreads(1)).plainBytes
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
