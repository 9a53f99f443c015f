import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage

@Suite("Embedding reader")
struct EmbeddingReaderTests {
  /// More than two blocks of 32 768 rows, but narrow and so small.
  private static let narrow = StreamSamples(rows: 80_000, dimension: 2, scalar: .float16, predictions: true)
  /// More than two blocks of 32 768 rows.
  private static let long = StreamSamples(rows: 76_800, dimension: 16, scalar: .float64)

  private func expectSame(
    _ found: (blocks: [BlockContent], summary: StreamSummary), _ samples: StreamSamples, digest: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.blocks.map(\.firstRow) == samples.blocks.map(\.firstRow), sourceLocation: sourceLocation)
    #expect(found.blocks == samples.blocks, sourceLocation: sourceLocation)
    #expect(found.summary.digest == digest, sourceLocation: sourceLocation)
    #expect(found.summary.rows == samples.rows, sourceLocation: sourceLocation)
    #expect(found.summary.scalars == [samples.scalar], sourceLocation: sourceLocation)
  }

  /// XXH3-128 over the checksums of all labels and of all features.
  private func digest(of samples: StreamSamples) -> String {
    func sum(_ body: (Checksum) -> Void) -> String {
      let checksum = Checksum()
      body(checksum)
      return checksum.value
    }
    let labels = sum { $0.update(samples.labels) }
    let features = sum { $0.update(samples.features) }
    return sum { $0.update(labels + features) }
  }

  @Test(
    "The same samples give the same blocks and digest in any batches",
    arguments: [
      [], [80_000], [0, 80_000, 0], [1, 32_767, 32_768, 1], [32_768, 32_768], [40_000, 40_000],
      Array(repeating: 777, count: 51), [0, 0, 1, 0, 5_000],
      Array(repeating: 1, count: 2_000),
    ])
  func batches(sizes: [Int]) throws {
    let samples = Self.narrow
    let folder = try TemporaryFolder()
    expectSame(
      try readAll(folder.write("a", samples.stream(batches: sizes))), samples, digest: digest(of: samples))
  }

  @Test("The same samples give the same blocks and digest in any container")
  func containers() throws {
    let samples = Self.long
    let digest = digest(of: samples)
    let folder = try TemporaryFolder()
    let stream = samples.stream(batches: [5_120, 51_200])
    let frames = [
      Zstd.frame(stream), Zstd.frames(stream, of: 1_000_003, checksum: true),
      Zstd.skippable([1])
        + samples.batchRanges([32_768, 32_768]).flatMap { samples.arrays($0) }.flatMap { Zstd.frame($0) },
    ]
    expectSame(try readAll(folder.write("a", stream)), samples, digest: digest)
    expectSame(try readAll(folder.pipe("b", of: stream)), samples, digest: digest)
    expectSame(try readAll(folder.pipe("c", of: stream, chunk: 10_007)), samples, digest: digest)
    for (index, bytes) in frames.enumerated() {
      expectSame(try readAll(folder.write("d\(index)", bytes)), samples, digest: digest)
      expectSame(try readAll(folder.pipe("e\(index)", of: bytes)), samples, digest: digest)
    }
  }

  @Test("The same samples give the same blocks and digest, one at a time")
  func oneByOne() throws {
    let samples = Self.long
    let folder = try TemporaryFolder()
    let stream = samples.stream(batches: Array(repeating: 1, count: samples.rows))
    expectSame(try readAll(folder.write("a", stream)), samples, digest: digest(of: samples))
  }

  @Test(
    "A stream compressed with the zstd command is the same stream",
    .enabled(if: Zstd.command != nil, "the zstd command is not installed"))
  func command() throws {
    let samples = Self.long
    let folder = try TemporaryFolder()
    let frames = try Zstd.run(["-3", "--long=24", "-T2", "-B524288"], samples.stream(batches: [16_896, 16_896]))
    expectSame(try readAll(folder.write("a", frames)), samples, digest: digest(of: samples))
  }

  @Test("Files are read one after another like one file, and blocks span them")
  func files() throws {
    let samples = Self.long
    let folder = try TemporaryFolder()
    let parts = try samples.batchRanges([20_480, 1, 31_231]).enumerated().map { index, range in
      let bytes = samples.arrays(range).flatMap { $0 }
      return index == 1
        ? try folder.pipe("\(index)", of: bytes) : try folder.write("\(index)", index == 2 ? Zstd.frame(bytes) : bytes)
    }
    let sizes = try [0, 2, 3].map { try folder.read("\($0)").count }
    let found = try readAll(parts)
    expectSame(found, samples, digest: digest(of: samples))
    #expect(found.summary.sources.map(\.name) == parts)
    #expect(found.summary.sources.map(\.rows) == [20_480, 1, 31_231, 25_088])
    let pipeBytes = samples.arrays(20_480..<20_481).reduce(0) { $0 + $1.count }
    #expect(found.summary.sources.map(\.bytes) == [sizes[0], pipeBytes, sizes[1], sizes[2]])
  }

  @Test("Rows of a block know their file and their row in it")
  func origins() throws {
    let samples = Self.long
    let folder = try TemporaryFolder()
    let parts = try samples.batchRanges([20_480, 35_840]).enumerated().map { index, range in
      try folder.write("\(index)", samples.arrays(range).flatMap { $0 })
    }
    let reader = EmbeddingReader(inputs: parts, options: ReadOptions())
    let first = try #require(try reader.next())
    #expect(
      first.origins == [
        RowOrigin(source: parts[0], firstRow: 0, offset: 0), RowOrigin(source: parts[1], firstRow: 0, offset: 20_480),
      ])
    let second = try #require(try reader.next())
    #expect(second.origin(ofRow: 0) == (parts[1], 12_288))
    #expect(second.origin(ofRow: 23_552) == (parts[2], 0))
    #expect(second.origin(ofRow: 32_767) == (parts[2], 9_215))
  }

  @Test("A batch of many rows is decoded in bounded blocks, before its end arrives", .timeLimit(.minutes(5)))
  func boundedBlocks() throws {
    let folder = try TemporaryFolder()
    let path = try folder.makePipe("a")
    let samples = Self.long
    let stream = samples.stream()
    // The writer stops in the second block, and the first must arrive all the same.
    let held = stream.count - 25_600 * samples.rowBytes
    let more = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let pipe = FileHandle(forWritingAtPath: path)
      pipe?.write(Data(stream[..<held]))
      more.wait()
      pipe?.write(Data(stream[held...]))
    }
    let reader = EmbeddingReader(inputs: [path], options: ReadOptions())
    let first = try reader.next()
    more.signal()
    #expect(first.map(BlockContent.init) == samples.blocks[0])
    #expect(reader.consumedBytes < held)
    #expect(try reader.next().map(BlockContent.init) == samples.blocks[1])
    #expect(try reader.next().map(BlockContent.init) == samples.blocks[2])
    #expect(try reader.next() == nil)
  }

  @Test("The count of bytes read grows to the size of all files")
  func consumedBytes() throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 10, dimension: 3, scalar: .float32)
    let plain = samples.stream()
    let packed = Zstd.frame(plain)
    let reader = EmbeddingReader(
      inputs: [try folder.write("a", plain), try folder.write("b", packed)], options: ReadOptions())
    #expect(reader.consumedBytes == 0)
    while try reader.next() != nil {}
    #expect(reader.consumedBytes == plain.count + packed.count)
    #expect(try reader.next() == nil)
  }

  @Test("A change of storage type ends a block early")
  func changeOfType() throws {
    let folder = try TemporaryFolder()
    let single = StreamSamples(rows: 3, dimension: 2, scalar: .float32)
    let half = StreamSamples(rows: 4, dimension: 2, scalar: .float16)
    let file = try folder.write("a", single.stream() + half.stream() + half.stream())
    let (blocks, summary) = try readAll(file)
    #expect(blocks.map(\.scalar) == [.float32, .float16] && blocks.map(\.firstRow) == [0, 3])
    #expect(blocks.map(\.labels) == [single.labels, half.labels + half.labels])
    #expect(summary.scalars == [.float32, .float16] && summary.rows == 11)
  }

  @Test("Rows without a prediction among rows with one are marked, and end no block")
  func changeOfPredictions() throws {
    let folder = try TemporaryFolder()
    let with = StreamSamples(rows: 3, dimension: 2, scalar: .float32, predictions: true)
    let without = StreamSamples(rows: 4, dimension: 2, scalar: .float32, seed: 2)
    let (blocks, _) = try readAll(folder.write("a", with.stream() + without.stream() + with.stream()))
    let predictions = try #require(with.predictions)
    #expect(blocks.map(\.predictions) == [predictions + Array(repeating: -1, count: 4) + predictions])
    #expect(blocks.map(\.labels) == [with.labels + without.labels + with.labels])
    #expect(try readAll(folder.write("b", without.stream())).blocks.map(\.predictions) == [nil])
  }

  @Test("A stream whose rows are all skipped has no samples, and says why")
  func allSkipped() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", NPY.batch([1, 2], [.nan, 0, 1, .infinity], dimension: 2))
    expectError(.empty, file: path, mentioning: "NaN or infinity in each of 2 rows") {
      _ = try readAll(path, options: ReadOptions(nonfinite: .skip))
    }
  }

  @Test("The dimension must not change, within a file or between files")
  func dimension() throws {
    let folder = try TemporaryFolder()
    let two = StreamSamples(rows: 5, dimension: 2, scalar: .float32).stream()
    let three = StreamSamples(rows: 4, dimension: 3, scalar: .float32).stream()
    let both = try folder.write("both", two + two + three)
    expectError(.dimensionMismatch, file: both, position: "row 10", mentioning: "dimension 2", both, "dimension 3") {
      _ = try readAll(both)
    }
    let (first, second) = (try folder.write("first", two), try folder.write("second", Zstd.frame(three)))
    expectError(.dimensionMismatch, file: second, position: "row 0", mentioning: "as in \(first)", "dimension 3") {
      _ = try readAll(first, second)
    }
  }

  // MARK: NaN and infinities

  /// Rows with their numbers as features, and a NaN or an infinity in those of `bad`.
  private func numbered(_ count: Int, bad: Set<Int>, from first: Int = 0) -> StreamSamples {
    StreamSamples(
      labels: (0..<count).map { Int32(first + $0) },
      rows: (0..<count).map { row in
        [Double(first + row), bad.contains(row) ? [.nan, .infinity, -.infinity][row % 3] : 1]
      })
  }

  @Test("The first row with a NaN or an infinity is named, across batches and files")
  func nonfinite() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write("good", numbered(7, bad: []).stream(batches: [3]))
    let bad = try folder.write("bad", Zstd.frame(numbered(20, bad: [13, 14, 19]).stream(batches: [4, 4, 0, 4])))
    expectError(.nonfinite, file: bad, position: "row 13", mentioning: "NaN", "--nonfinite skip") {
      _ = try readAll(good, bad)
    }
    for row in 0..<5 {
      let file = try folder.write("one", numbered(5, bad: [row]).stream(batches: [2, 2]))
      expectError(.nonfinite, file: file, position: "row \(row)") { _ = try readAll(good, file) }
    }
  }

  @Test("Beyond the first block, a row is still named by its number in the file")
  func nonfiniteInLaterBlock() throws {
    var samples = Self.long
    samples.features.replaceSubrange(
      51_200 * samples.rowBytes + 80..<51_200 * samples.rowBytes + 88, with: NPY.bytes(of: [Double.nan]))
    let folder = try TemporaryFolder()
    let file = try folder.write("a", samples.stream(batches: [15_360, 15_360, 15_360]))
    expectError(.nonfinite, file: file, position: "row 51200") { _ = try readAll(file) }
    let (blocks, summary) = try readAll(file, options: ReadOptions(nonfinite: .skip))
    #expect(blocks.map(\.labels.count) == [32_768, 32_767, 11_264] && blocks.map(\.firstRow) == [0, 32_768, 65_536])
    #expect(summary.rows == 76_799 && summary.skipped == 1)
  }

  @Test("Skipped rows are counted, and the others keep their order and labels")
  func skip() throws {
    let folder = try TemporaryFolder()
    let bad: Set = [0, 1, 7, 12, 19]
    let file = try folder.write("a", numbered(20, bad: bad).stream(batches: [5, 3]))
    let (blocks, summary) = try readAll(file, options: ReadOptions(nonfinite: .skip))
    let kept = (0..<20).filter { !bad.contains($0) }
    #expect(blocks.flatMap(\.labels) == kept.map(Int32.init))
    #expect(blocks.flatMap(\.values) == kept.map { [Double($0), 1] })
    #expect(summary.rows == 15 && summary.skipped == 5 && summary.sources.map(\.rows) == [20])

    let clean = StreamSamples(labels: kept.map(Int32.init), rows: kept.map { [Double($0), 1] })
    #expect(try readAll(folder.write("b", clean.stream())).summary.digest == summary.digest)
  }

  @Test("A missing file, a directory, an empty file and empty content are refused by name")
  func noSource() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write("good", StreamSamples(rows: 2, dimension: 2, scalar: .float32).stream())
    let missing = folder.file("missing")
    expectError(.missing, file: missing) { _ = try readAll(good, missing) }
    expectError(.notAFile, file: folder.path) { _ = try readAll(folder.path) }
    let empty = try folder.write("empty", [])
    expectError(.empty, file: empty) { _ = try readAll(good, empty) }
    for (index, frames) in [Zstd.frame([]), Zstd.skippable([1]), Zstd.frame([]) + Zstd.frame([])].enumerated() {
      let file = try folder.write("empty\(index).zst", frames)
      expectError(.empty, file: file, mentioning: "at least one sample") { _ = try readAll(good, file) }
    }
  }

  @Test("A stream of batches without rows has no samples, which is fine if another file has some")
  func noRows() throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 3, dimension: 2, scalar: .float32)
    let none = try folder.write(
      "none", samples.stream(batches: [0, 0]).count > 0 ? samples.arrays(0..<0).flatMap { $0 } : [])
    expectError(.empty, file: none, mentioning: "at least one sample") { _ = try readAll(none) }
    let some = try folder.write("some", samples.stream())
    #expect(try readAll(none, some, none).blocks == samples.blocks)
    expectError(.empty) { _ = try readAll([]) }
  }

  @Test("A plain stream truncated at any byte is an error, except between batches")
  func everyCutPlain() throws {
    let samples = StreamSamples(rows: 5, dimension: 2, scalar: .float32, predictions: true)
    let whole = samples.stream(batches: [2, 3])
    let firstBatch = samples.arrays(0..<2).reduce(0) { $0 + $1.count }
    let folder = try TemporaryFolder()
    for cut in 0..<whole.count {
      let file = try folder.write("cut", Array(whole[..<cut]))
      if cut == firstBatch {
        #expect(try readAll(file).blocks.map(\.labels) == [Array(samples.labels[..<2])])
      } else {
        let error = #expect(throws: StreamError.self) { _ = try readAll(file) }
        #expect(error?.kind == (cut == 0 ? .empty : .truncated), "cut at \(cut)")
        #expect(error?.diagnosis.file == file)
      }
    }
  }

  @Test("A compressed stream truncated at any byte, of the file or its content, is an error")
  func everyCutCompressed() throws {
    let samples = StreamSamples(rows: 5, dimension: 2, scalar: .float32)
    let content = samples.stream(batches: [2])
    let whole = Zstd.frame(content)
    let firstBatch = samples.arrays(0..<2).reduce(0) { $0 + $1.count }
    let folder = try TemporaryFolder()
    for cut in 0..<whole.count {
      let file = try folder.write("cut", Array(whole[..<cut]))
      let error = #expect(throws: StreamError.self) { _ = try readAll(file) }
      #expect(error?.kind == (cut == 0 ? .empty : cut < 4 ? .unknownFormat : .truncated), "cut at \(cut)")
    }
    for cut in 0..<content.count where cut != firstBatch {
      let file = try folder.write("cut", Zstd.frame(Array(content[..<cut])))
      let error = #expect(throws: StreamError.self) { _ = try readAll(file) }
      #expect(error?.kind == (cut == 0 ? .empty : .truncated), "content cut at \(cut)")
    }
  }

  @Test("Cancelling the task ends a read from a silent pipe", .timeLimit(.minutes(5)))
  func cancellation() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.makePipe("a")
    let writer = open(path, O_RDWR)
    defer { close(writer) }
    let start = Array(StreamSamples(rows: 5, dimension: 2, scalar: .float32).stream()[..<200])
    #expect(start.withUnsafeBytes { write(writer, $0.baseAddress, $0.count) } == start.count)
    await expectCancellable { _ = try readAll(path) }
  }
}
