import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Resuming after a position")
struct StreamPositionTests {
  /// Three blocks of 32 768 rows and a few more.
  private static let samples = StreamSamples(rows: 100_000, dimension: 3, scalar: .float32, predictions: true)
  private static let sizes = [1, 30_000, 0, 20_000, 4_096, 4_096, 25_000]

  /// The streams of several files that hold the samples, by container.
  private static func files(_ folder: TemporaryFolder) throws -> [(container: String, files: [String])] {
    let stream = samples.stream(batches: sizes)
    let ranges = samples.batchRanges(sizes)
    func shard(_ range: Range<Int>) -> [UInt8] { ranges[range].flatMap { samples.arrays($0) }.flatMap { $0 } }
    let (first, second) = (shard(0..<3), shard(3..<ranges.count))
    return [
      ("plain", [try folder.write("plain", stream)]),
      ("plain shards", [try folder.write("plain-0", first), try folder.write("plain-1", second)]),
      ("one frame", [try folder.write("frame", Zstd.frame(stream))]),
      ("a frame of no stated size", [try folder.write("streamed", Zstd.streamed(stream))]),
      (
        "frames cut anywhere",
        [try folder.write("frames", Zstd.skippable([7]) + Zstd.frames(stream, of: 100_003, checksum: true))]
      ),
      (
        "frames of arrays, in shards",
        [
          try folder.write("arrays-0", Zstd.frames(first, of: 70_000)),
          try folder.write("arrays-1", Zstd.frame(second)),
        ]
      ),
    ]
  }

  /// Reads what follows each block's position with another reader, after a round trip through JSON.
  private func expectSameRest(_ container: String, _ inputs: [String], threads: Int, others: Int) throws {
    let whole = try readAll(inputs, options: ReadOptions(threads: threads))
    let reader = EmbeddingReader(inputs: inputs, options: ReadOptions(threads: threads))
    var done = 0
    while try reader.next() != nil {
      done += 1
      let reached = try #require(reader.position)
      let saved = try JSONEncoder().encode(reached)
      let position = try JSONDecoder().decode(StreamPosition.self, from: saved)
      let other = try #require(
        EmbeddingReader(inputs: inputs, options: ReadOptions(threads: others), after: position))
      var rest: [BlockContent] = []
      while let block = try other.next() { rest.append(BlockContent(block)) }
      #expect(rest == Array(whole.blocks[done...]), "\(container) after \(done) blocks")
      #expect(other.finish() == whole.summary, "\(container) after \(done) blocks")
      #expect(other.consumedBytes == reader.consumedBytes || !rest.isEmpty)
    }
    #expect(done == 4)
  }

  @Test(
    "The rest is the same from any container, with any number of threads", arguments: [(1, 1), (1, 3), (3, 1), (3, 2)])
  func rest(threads: Int, others: Int) throws {
    let folder = try TemporaryFolder()
    for (container, files) in try Self.files(folder) {
      try expectSameRest(container, files, threads: threads, others: others)
    }
  }

  @Test("Frames too large for parallel decoding resume from their start")
  func inOrder() throws {
    let content = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    let folder = try TemporaryFolder()
    let path = try folder.write("frames", Zstd.frame(Array(content[..<1000])) + Zstd.frame(Array(content[1000...])))
    let limits = FrameLimits(frame: 1 << 10, content: 1 << 12, ahead: 1 << 20)
    let source = try ParallelZstdBytes(try FileBytes(name: path), threads: 2, pool: BufferPool(), limits: limits)
    var read = [UInt8](repeating: 0, count: 123_456)
    #expect(try read.withUnsafeMutableBytes { try source.fill($0) } == 123_456)
    let mark = try #require(source.mark)
    let file = try FileBytes(name: path)
    _ = try file.skip(mark.frame)
    let other = try ZstdBytes(file)
    #expect(try other.skip(mark.content) == mark.content)
    #expect(try read.withUnsafeMutableBytes { try other.fill($0) } == 123_456)
    #expect(read == Array(content[123_456..<246_912]))
  }

  @Test("Column-major batches resume")
  func columnMajor() throws {
    let (rows, folder) = (70_000, try TemporaryFolder())
    let values = (0..<rows * 2).map { Float($0 % 1000) }
    let path = try folder.write(
      "f",
      NPY.labels((0..<Int32(rows)).map { $0 % 7 })
        + NPY.array("<f4", [rows, 2], NPY.bytes(of: values), isColumnMajor: true))
    let whole = try readAll([path])
    let reader = EmbeddingReader(inputs: [path], options: ReadOptions())
    _ = try reader.next()
    let position = try #require(reader.position)
    let other = try #require(EmbeddingReader(inputs: [path], options: ReadOptions(), after: position))
    let block = try #require(try other.next())
    #expect(BlockContent(block) == whole.blocks[1])
  }

  @Test("Skipped rows are counted once")
  func skipped() throws {
    var features = [Float](repeating: 1, count: 80_000)
    for row in stride(from: 5, to: 80_000, by: 1_000) { features[row] = .nan }
    let folder = try TemporaryFolder()
    let path = try folder.write("f", NPY.batch((0..<80_000).map { $0 % 9 }, features, dimension: 1))
    let options = ReadOptions(nonfinite: .skip)
    let whole = try readAll([path], options: options)
    let reader = EmbeddingReader(inputs: [path], options: options)
    _ = try reader.next()
    let position = try #require(reader.position)
    let other = try #require(EmbeddingReader(inputs: [path], options: options, after: position))
    while try other.next() != nil {}
    #expect(other.finish() == whole.summary)
    #expect(whole.summary.skipped == 80)
  }

  @Test("Rereading stops at the position if the samples are the same, and refuses others")
  func again() throws {
    let folder = try TemporaryFolder()
    let stream = Self.samples.stream(batches: Self.sizes)
    let path = try folder.write("f", stream)
    let whole = try readAll([path])
    let reader = EmbeddingReader(inputs: [path], options: ReadOptions())
    _ = try reader.next()
    _ = try reader.next()
    let position = try #require(reader.position)
    let pipe = EmbeddingReader(inputs: [try folder.pipe("pipe", of: stream)], options: ReadOptions())
    try pipe.readAgain(to: position) { _ in }
    let block = try #require(try pipe.next())
    #expect(BlockContent(block) == whole.blocks[2])
    var changed = Self.samples
    changed.features[40] ^= 1
    let other = EmbeddingReader(
      inputs: [try folder.write("g", changed.stream(batches: Self.sizes))], options: ReadOptions())
    #expect(throws: StreamError.self) { try other.readAgain(to: position) { _ in } }
    let short = EmbeddingReader(
      inputs: [try folder.write("h", StreamSamples(rows: 10, dimension: 3, scalar: .float32).stream())],
      options: ReadOptions())
    #expect(throws: StreamError.self) { try short.readAgain(to: position) { _ in } }
  }
}
