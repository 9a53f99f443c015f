import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Storage

@Suite("HDF5 as a stream")
struct HDF5InputTests {
  private static let containers = [
    "contiguous", "chunked", "deflate", "deflate-shuffle", "fletcher32", "deflate-shuffle-fletcher32", "lzf",
    "lzf-shuffle", "zstd", "zstd-shuffle", "columns", "oversized", "v110", "v114", "v114-growing",
    "v114-unlimited", "big-endian", "scaleoffset", "groups",
  ]

  @Test("The same samples give the same blocks, however h5py stores them", arguments: containers, [1, 3])
  func same(container: String, threads: Int) throws {
    let expected = try readAll(Fixtures.file("samples.npy"))
    #expect(try readAll(Fixtures.file("samples.npy.zst")).blocks == expected.blocks)
    let (blocks, summary) = try readAll(
      Fixtures.file(container + ".h5"), options: ReadOptions(threads: threads))
    #expect(blocks == expected.blocks)
    #expect(summary.digest == expected.summary.digest && summary.rows == 150)
    #expect(summary.sources[0].bytes == FileManager.default.contents(atPath: Fixtures.file(container + ".h5"))?.count)
    #expect(summary.notes.isEmpty == (container != "scaleoffset"), "\(summary.notes)")
  }

  @Test("Memory for the library's chunk cache is known before any row is read")
  func kept() throws {
    for container in ["scaleoffset", "deflate", "contiguous"] {
      let file = Fixtures.file(container + ".h5")
      let opened = try HDF5File(reading: file)
      let band = try opened.datasetPaths().map { try opened.dataset($0).chunkBand?.bytes ?? 0 }.max() ?? 0
      let shape = try EmbeddingReader(inputs: [file], options: ReadOptions()).shape()
      #expect(shape?.keptBytes == (container == "scaleoffset" ? 2 * band : 0))
    }
  }

  @Test("Datasets are chosen by name, by path or by a usual name; tokens are shifted unless they are named as labels")
  func names() throws {
    let expected = try readAll(Fixtures.file("samples.npy")).blocks
    let file = Fixtures.file("named.h5")
    let names = ArrayNames(labels: "tokens", features: "hidden", predictions: "chosen")
    #expect(try readAll(file, options: ReadOptions(arrays: names)).blocks == expected)
    let paths = ArrayNames(labels: "/tokens", features: "/hidden", predictions: "/chosen")
    #expect(try readAll(file, options: ReadOptions(arrays: paths)).blocks == expected)
    let onlyMatrix = ArrayNames(labels: "tokens", predictions: "chosen")
    #expect(try readAll(file, options: ReadOptions(arrays: onlyMatrix)).blocks == expected)
    #expect(try readAll(file).summary.rows == 149)
    expectError(.badShape, file: file, position: "“/hidden”", mentioning: "1-d integers") {
      _ = try readAll(file, options: ReadOptions(arrays: ArrayNames(labels: "/hidden", features: "/hidden")))
    }
  }

  @Test("bfloat16 bits in uint16 are features if --bf16 says so")
  func bfloat16() throws {
    let file = Fixtures.file("float16-as-uint16.h5")
    let (blocks, _) = try readAll(file, options: ReadOptions(uint16IsBFloat16: true))
    let bits = try #require(try readAll(Fixtures.file("samples.npy")).blocks.first).features
    #expect(blocks.map(\.scalar) == [.bfloat16] && blocks.first?.features == bits)
    expectError(.unsupportedType, file: file, position: "“/embeddings”", mentioning: "--bf16") { _ = try readAll(file) }
  }

  @Test("Opaque bfloat16, as h5py stores it, is read and said, in a stream and as a matrix", arguments: [nil, [4, 2]])
  func opaque(chunk: [Int]?) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("a.h5")
    let samples = StreamSamples(rows: 10, dimension: 2, scalar: .bfloat16)
    RawHDF5.write(file, StreamSamples(rows: 10, dimension: 2, scalar: .float32), group: "other", chunkRows: nil)
    RawHDF5.write(file, opaque: "x", samples.features, shape: [10, 2], chunk: chunk)
    let names = ArrayNames(labels: "/other/labels", features: "/x")
    let (blocks, summary) = try readAll(file, options: ReadOptions(arrays: names))
    #expect(blocks.map(\.scalar) == [.bfloat16] && blocks[0].features == samples.blocks[0].features)
    #expect(summary.notes.count == 1 && summary.notes[0].contains("“/x” holds opaque elements of 2 bytes"))
    let matrix = try MatrixFile(TensorReference(file + "#x"))
    #expect(
      try matrix.typeName == "bfloat16" && matrix.rows(of: [3, 9]).elements == [3, 9].flatMap { blocks[0].values[$0] })
  }

  @Test("A stream whose SWMR writer was killed is read, and that is said")
  func killed() throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 40, dimension: 3, scalar: .float32)
    RawHDF5.kill(folder.file("a.h5"), samples, isSWMR: true) {
      #expect(throws: Never.self) { _ = try folder.write("b.h5", folder.read("a.h5")) }
    }
    let (blocks, summary) = try readAll(folder.file("b.h5"))
    #expect(blocks == samples.blocks && summary.notes.map { $0.contains("SWMR") } == [true])
    #expect(try readAll(folder.file("a.h5")).summary.notes.isEmpty)
  }

  /// Four blocks; the last one is not full.
  private static let samples = StreamSamples(rows: 100_000, dimension: 3, scalar: .float32)

  @Test("Large files give the stream of the NPY file, and resume after any block", arguments: [nil, 1_000, 40_000])
  func positions(chunkRows: Int?) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("a.h5")
    RawHDF5.write(file, Self.samples, chunkRows: chunkRows)
    try expectSameRest([file], of: Self.samples)
  }

  @Test("Groups resume, in natural order, over several files")
  func groups() throws {
    let folder = try TemporaryFolder()
    var expected: [Int32] = []
    let files = ["a.h5", "b.h5"].map { folder.file($0) }
    for (seed, group) in ["9", "10", "11"].enumerated() {
      for file in files {
        let part = StreamSamples(rows: 20_000 + seed, dimension: 2, scalar: .float64, seed: seed)
        RawHDF5.write(file, part, group: "s" + group, chunkRows: 512)
        if file == files[0] { expected += part.labels }
      }
    }
    let (blocks, summary) = try readAll(files, options: ReadOptions(threads: 2))
    #expect(blocks.flatMap(\.labels) == expected + expected && summary.sources.map(\.rows) == [60_003, 60_003])
    let reader = EmbeddingReader(inputs: files, options: ReadOptions(threads: 2))
    for done in 1...4 {
      _ = try reader.next()
      let position = try #require(reader.position)
      let other = try #require(EmbeddingReader(inputs: files, options: ReadOptions(threads: 3), after: position))
      var rest: [BlockContent] = []
      while let block = try other.next() { rest.append(BlockContent(block)) }
      #expect(rest == Array(blocks[done...]) && other.finish() == summary)
    }
  }

  private func expectSameRest(_ inputs: [String], of samples: StreamSamples) throws {
    let options = ReadOptions(threads: 2)
    let whole = try readAll(inputs, options: options)
    #expect(whole.blocks == samples.blocks)
    let reader = EmbeddingReader(inputs: inputs, options: options)
    var done = 0
    while try reader.next() != nil {
      done += 1
      let position = try #require(reader.position)
      let other = try #require(EmbeddingReader(inputs: inputs, options: ReadOptions(threads: 1), after: position))
      var rest: [BlockContent] = []
      while let block = try other.next() { rest.append(BlockContent(block)) }
      #expect(rest == Array(whole.blocks[done...]) && other.finish() == whole.summary)
    }
  }

  /// A copy of a fixture in which the last occurrence of some text, or a byte near a position, is changed.
  private func damaged(_ name: String, _ folder: TemporaryFolder, at place: (HDF5File) throws -> Int) throws -> String {
    var bytes = try #require(FileManager.default.contents(atPath: Fixtures.file(name)))
    bytes[try place(HDF5File(reading: Fixtures.file(name)))] ^= 0x55
    return try folder.write(name, Array(bytes))
  }

  /// The position in the file of the middle of the chunk that starts at a row.
  private func middle(_ path: String, row: Int) -> (HDF5File) throws -> Int {
    { try RawHDF5.middle(of: $0, path, row: row) }
  }

  @Test(
    "Errors about damage name the dataset and the chunk",
    arguments: [
      ("fletcher32", "Fletcher-32"), ("deflate-shuffle-fletcher32", "Fletcher-32"), ("deflate", "deflate"),
      ("deflate-shuffle", "deflate"),
    ], [1, 2])
  func damage(container: (name: String, word: String), threads: Int) throws {
    let folder = try TemporaryFolder()
    let file = try damaged(container.name + ".h5", folder, at: middle("embeddings", row: 64))
    expectError(.corrupt, file: file, position: "“/embeddings”, chunk at row 64", mentioning: container.word) {
      _ = try readAll(file, options: ReadOptions(threads: threads))
    }
  }

  @Test(
    "Any bytes in a chunk give content or an error", arguments: ["lzf", "lzf-shuffle", "zstd", "deflate", "columns"])
  func anyBytes(container: String) throws {
    let folder = try TemporaryFolder()
    let whole = Array(try #require(FileManager.default.contents(atPath: Fixtures.file(container + ".h5"))))
    let place = try middle("embeddings", row: 0)(HDF5File(reading: Fixtures.file(container + ".h5")))
    var random = SeededGenerator(1)
    for _ in 0..<100 {
      var bytes = whole
      let first = place - Int.random(in: 0..<100, using: &random)
      for byte in first..<first + Int.random(in: 1..<200, using: &random) {
        bytes[byte] = UInt8.random(in: 0...255, using: &random)
      }
      let file = try folder.write("damaged.h5", bytes)
      do {
        let (blocks, _) = try readAll(file, options: ReadOptions(nonfinite: .skip))
        #expect(blocks.allSatisfy { $0.labels.count <= 150 })
      } catch let error as StreamError {
        #expect([.corrupt, .empty].contains(error.kind), "\(error)")
      }
    }
  }

  @Test(
    "A dataset that this library cannot open, as from a newer one, is named with advice, and not skipped",
    .enabled(if: HDF5Library.version.hasPrefix("1."), "the HDF5 library opens it"))
  func newer() throws {
    let file = Fixtures.file("newest.h5")
    expectError(.corrupt, file: file, position: "“/embeddings”", mentioning: HDF5Library.version, "libver", "h5repack")
    {
      _ = try readAll(file)
    }
    let walk = try HDF5File(reading: file).listing(most: 10)
    #expect(!walk.paths.contains("/embeddings") && walk.unreadable != nil)
    expectError(.corrupt, file: file, position: "“/embeddings”") {
      _ = try PositionArray(file, named: nil, as: .tokens)
    }
  }

  @Test("A filter that is not installed is named")
  func unknownFilter() {
    expectError(.corrupt, file: Fixtures.file("blosc.h5"), position: "/embeddings", mentioning: "32001", "blosc") {
      _ = try readAll(Fixtures.file("blosc.h5"))
    }
  }

  @Test("False claims of size are refused before memory is allocated")
  func claims() throws {
    let folder = try TemporaryFolder()
    let sparse = folder.file("sparse.h5")
    RawHDF5.write(sparse, StreamSamples(rows: 3, dimension: 1, scalar: .float64), group: "other", chunkRows: nil)
    RawHDF5.writeSparse(sparse, dataset: "embeddings", shape: [3, 100_000])
    RawHDF5.writeSparse(sparse, dataset: "wide", shape: [3, 1 << 40])
    RawHDF5.writeSparse(sparse, dataset: "huge", shape: [1 << 31, 1 << 31])
    let names = ArrayNames(labels: "/other/labels", features: "/embeddings")
    expectError(.corrupt, file: sparse, mentioning: "never written") {
      _ = try readAll(sparse, options: ReadOptions(arrays: names))
    }
    let bytes = try FileBytes(name: sparse)
    let huge = try HDF5Array(
      HDF5File(reading: sparse), "huge", bytes: bytes, decoders: ChunkDecoders(threads: 1), pool: BufferPool())
    expectError(.corrupt, file: sparse, mentioning: "addressable") { _ = try huge.bytes(from: (1 << 31) - 1) }
    let wide = ArrayNames(labels: "/other/labels", features: "/wide")
    expectError(.badShape, file: sparse) { _ = try readAll(sparse, options: ReadOptions(arrays: wide)) }
  }

  @Test("A pair that appears in several groups through links is read once")
  func linked() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("a.h5")
    let samples = StreamSamples(rows: 100, dimension: 3, scalar: .float32)
    RawHDF5.write(file, samples, group: "z", chunkRows: 32)
    RawHDF5.link(file, "labels", to: "/z/labels")
    RawHDF5.link(file, "hidden", to: "/z/embeddings")
    #expect(try readAll(file).blocks == samples.blocks)
    let names = ArrayNames(labels: "/z/labels", features: "/hidden")
    #expect(try readAll(file, options: ReadOptions(arrays: names)).blocks == samples.blocks)
  }

  @Test(
    "A link into another file is refused and names that file: its position there means nothing here",
    arguments: [nil, 32])
  func linkedFile(chunkRows: Int?) throws {
    let folder = try TemporaryFolder()
    let (file, other) = (folder.file("a.h5"), folder.file("other.h5"))
    RawHDF5.write(other, StreamSamples(rows: 100, dimension: 3, scalar: .float32), chunkRows: chunkRows)
    RawHDF5.write(file, StreamSamples(rows: 10_000, dimension: 3, scalar: .float32), group: "z", chunkRows: nil)
    RawHDF5.link(file, "labels", to: "/labels", of: other)
    RawHDF5.link(file, "embeddings", to: "/embeddings", of: other)
    expectError(.corrupt, file: file, mentioning: "/embeddings", "other.h5", "name that file") {
      _ = try readAll(file, options: ReadOptions(arrays: ArrayNames(labels: "/labels", features: "/embeddings")))
    }
  }

  @Test("Half a pair, different counts and different dimensions are named")
  func mismatches() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("a.h5")
    let samples = StreamSamples(rows: 10, dimension: 2, scalar: .float64)
    RawHDF5.write(file, dataset: "embeddings", [Double](repeating: 1, count: 20), shape: [10, 2])
    expectError(.badOrder, file: file, position: "“/embeddings”", mentioning: "labels") { _ = try readAll(file) }
    RawHDF5.write(file, StreamSamples(rows: 9, dimension: 2, scalar: .float64), group: "nine", chunkRows: nil)
    let names = ArrayNames(labels: "/nine/labels", features: "/embeddings")
    expectError(.countMismatch, file: file, position: "“/embeddings”", mentioning: "9 features") {
      _ = try readAll(file, options: ReadOptions(arrays: names))
    }
    let other = folder.file("b.h5")
    RawHDF5.write(other, samples, chunkRows: nil)
    RawHDF5.write(other, StreamSamples(rows: 5, dimension: 3, scalar: .float64), group: "x", chunkRows: nil)
    expectError(.dimensionMismatch, file: other, position: "row 10", mentioning: "dimension 3") {
      _ = try readAll(other)
    }
  }

  @Test("A pipe is refused, and so is a truncated file")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let bytes = Array(try #require(FileManager.default.contents(atPath: Fixtures.file("deflate.h5"))))
    expectError(.notAFile, mentioning: "pipe") { _ = try readAll(folder.pipe("p", of: bytes)) }
    expectError(.corrupt) { _ = try readAll(folder.write("cut.h5", Array(bytes[..<(bytes.count / 2)]))) }
  }

  @Test("A census counts without reading features")
  func overview() throws {
    let folder = try TemporaryFolder()
    let file = try damaged("deflate.h5", folder, at: middle("embeddings", row: 64))
    let overview = try StreamOverview(file)
    #expect(overview.rows == 150 && overview.dimension == 6 && overview.batches == 1 && overview.container == "HDF5")
    #expect(
      overview.batchesWithPredictions == 1 && overview.labelTypes == ["int32"] && overview.featureTypes == ["float16"])
    #expect(try StreamOverview(Fixtures.file("groups.h5")).batchRows == (0, 100))
  }
}
