import Foundation
import TestSupport
import Testing

@testable import Formats

/// Windows of rows are compared with the same rows cut out of all rows.
@Suite("Some rows of a stream")
struct ReadOptionsTests {
  /// More than two blocks of 32 768 rows.
  private static let samples = StreamSamples(rows: 70_000, dimension: 2, scalar: .float32, predictions: true)
  private static let sizes = [20_000, 1, 0, 29_999, 20_000]

  /// Windows that start and end inside batches, at their ends, across files, with one row, and with all rows.
  private static let windows = [
    0..<70_000, 0..<1, 69_999..<70_000, 20_000..<20_001, 20_000..<50_000, 19_999..<50_001, 123..<456, 0..<20_000,
    50_000..<70_000, 1..<69_999, 32_767..<32_769, 0..<32_768,
  ]

  /// The streams of several files that hold the samples, by container.
  private static func containers(_ folder: TemporaryFolder) throws -> [(name: String, inputs: [String])] {
    let ranges = samples.batchRanges(sizes)
    let stream = samples.stream(batches: sizes)
    func batches(_ some: Range<Int>) -> [UInt8] { ranges[some].flatMap { samples.arrays($0) }.flatMap { $0 } }
    RawHDF5.write(folder.file("one.h5"), samples, chunkRows: nil)
    RawHDF5.write(folder.file("chunks.h5"), samples, chunkRows: 777)
    for (index, range) in ranges.enumerated() where !range.isEmpty {
      RawHDF5.write(
        folder.file("groups.h5"), part(range), group: "batch_\(index)",
        chunkRows: index == 0 ? nil : min(500, range.count))
    }
    return [
      ("plain", [try folder.write("a.npy", stream)]),
      ("shards", [try folder.write("b0.npy", batches(0..<2)), try folder.write("b1.npy", batches(2..<5))]),
      ("frames", [try folder.write("c.npy.zst", Zstd.frames(stream, of: 100_003))]),
      (
        "mixed",
        [
          try folder.write("d0", Zstd.frame(batches(0..<1))), try folder.write("d1", batches(1..<4)),
          try folder.write("d2", safetensors(part(50_000..<70_000))),
        ]
      ),
      ("hdf5", [folder.file("one.h5")]), ("chunks", [folder.file("chunks.h5")]),
      ("groups", [folder.file("groups.h5")]), ("safetensors", [try folder.write("e", safetensors(samples))]),
    ]
  }

  private static func part(_ range: Range<Int>, of whole: StreamSamples = samples) -> StreamSamples {
    var part = whole
    part.labels = Array(whole.labels[range])
    part.predictions = whole.predictions.map { Array($0[range]) }
    part.features = Array(whole.features[range.lowerBound * whole.rowBytes..<range.upperBound * whole.rowBytes])
    return part
  }

  private static func safetensors(_ samples: StreamSamples) -> [UInt8] {
    Safetensors.file([
      ("labels", "I32", [samples.rows], NPY.bytes(of: samples.labels)),
      ("predictions", "I32", [samples.rows], NPY.bytes(of: samples.predictions ?? samples.labels)),
      ("embeddings", "F32", [samples.rows, samples.dimension], samples.features),
    ])
  }

  @Test("A window gives the blocks of a file with only these rows, in any container")
  func windows() throws {
    let folder = try TemporaryFolder()
    for (name, inputs) in try Self.containers(folder) {
      for window in Self.windows {
        let cut = Self.part(window)
        let (blocks, summary) = try readAll(inputs, options: ReadOptions(rows: window))
        // A container without predictions has none to compare.
        #expect(blocks.map(\.labels) == cut.blocks.map(\.labels), "\(name) \(window)")
        #expect(blocks.map(\.features) == cut.blocks.map(\.features), "\(name) \(window)")
        if blocks.first?.predictions != nil { #expect(blocks == cut.blocks, "\(name) \(window)") }
        #expect(summary.rows == window.count && summary.skipped == 0)
        #expect(try summary.digest == readAll(folder.write("cut", cut.stream())).summary.digest)
      }
    }
  }

  @Test("The pieces of a stream make up the stream, for any number of threads", arguments: [1, 999, 20_000, 33_000])
  func cut(size: Int) throws {
    let folder = try TemporaryFolder()
    let rows = size == 1 ? 300 : 70_000
    for (name, inputs) in try Self.containers(folder) {
      var (labels, predictions, features) = ([Int32](), [Int32](), Data())
      for start in stride(from: 0, to: rows, by: size) {
        let options = ReadOptions(rows: start..<min(start + size, rows), threads: 1 + start % 3)
        for block in try readAll(inputs, options: options).blocks {
          labels += block.labels
          predictions += block.predictions ?? []
          features += block.features
        }
      }
      let whole = Self.part(0..<rows)
      #expect(labels == whole.labels && features == Data(whole.features), "\(name)")
      #expect(predictions.isEmpty || predictions == whole.predictions, "\(name)")
    }
  }

  @Test("A window resumes after any of its blocks")
  func resumed() throws {
    let folder = try TemporaryFolder()
    let options = ReadOptions(rows: 10_001..<69_000)
    for (name, inputs) in try Self.containers(folder) {
      let whole = try readAll(inputs, options: options)
      let reader = EmbeddingReader(inputs: inputs, options: options)
      for done in 1...whole.blocks.count {
        _ = try reader.next()
        let position = try #require(reader.position)
        let other = try #require(EmbeddingReader(inputs: inputs, options: options, after: position))
        var rest: [BlockContent] = []
        while let block = try other.next() { rest.append(BlockContent(block)) }
        #expect(rest == Array(whole.blocks[done...]), "\(name) after \(done)")
        let summary = other.finish()
        #expect(summary.samples == whole.summary.samples, "\(name) after \(done)")
        #expect(summary.sources.map(\.name) == whole.summary.sources.map(\.name), "\(name) after \(done)")
        #expect(summary.sources.map(\.rows) == whole.summary.sources.map(\.rows), "\(name) after \(done)")
        #expect(other.progress == 58_999)
      }
    }
  }

  @Test("A window past the end is refused with the number of rows, wherever it begins")
  func pastTheEnd() throws {
    let folder = try TemporaryFolder()
    for (name, inputs) in try Self.containers(folder) {
      let inAll = inputs.count > 1 ? "70000 rows in \(inputs.count) inputs" : "70000 rows"
      for window in [69_999..<70_001, 0..<80_000, 70_000..<70_001, 1_000_000..<1_000_002] {
        let diagnosis = expectError(.truncated, file: inputs[0]) {
          _ = try readAll(inputs, options: ReadOptions(rows: window))
        }
        #expect(diagnosis?.found == inAll, "\(name) \(window)")
        #expect(diagnosis?.expected == "rows \(window.lowerBound) to \(window.upperBound - 1)")
      }
    }
  }

  @Test("Skipped rows count as rows of the window")
  func nonfinite() throws {
    let folder = try TemporaryFolder()
    var features = (0..<80_000).map { Float($0) }
    for row in stride(from: 5, to: 80_000, by: 10) { features[row] = .nan }
    let path = try folder.write("f", NPY.batch((0..<80_000).map { $0 % 9 }, features, dimension: 1))
    for window in [0..<6, 5..<6, 3..<40_003, 6..<15] {
      let options = ReadOptions(nonfinite: .skip, rows: window)
      let kept = window.filter { $0 % 10 != 5 }
      guard !kept.isEmpty else {
        expectError(.empty, file: path, mentioning: "each of 1 rows") { _ = try readAll(path, options: options) }
        continue
      }
      let (blocks, summary) = try readAll(path, options: options)
      #expect(blocks.flatMap(\.values).map { Int($0[0]) } == kept)
      #expect(summary.skipped == window.count - kept.count && summary.rows == kept.count)
    }
    #expect(try readAll(path, options: ReadOptions(rows: 6..<15)).summary.rows == 9)
    expectError(.nonfinite, file: path, position: "row 15") {
      _ = try readAll(path, options: ReadOptions(rows: 6..<16))
    }
  }

  @Test("Nothing after the window is read: neither a damaged batch nor a missing file")
  func behind() throws {
    let folder = try TemporaryFolder()
    let stream = try folder.write("a", Self.samples.stream(batches: [100]) + [1, 2, 3])
    #expect(try readAll(stream, options: ReadOptions(rows: 50..<100)).summary.rows == 50)
    let first = try folder.write("b", Self.part(0..<100).stream())
    let (blocks, summary) = try readAll([first, folder.file("none")], options: ReadOptions(rows: 0..<100))
    #expect(blocks.map(\.labels) == [Array(Self.samples.labels[0..<100])])
    #expect(summary.sources.map(\.name) == [first])
  }

  @Test("With separate tokens, rows are pairs of a position and the next token")
  func tokens() throws {
    let folder = try TemporaryFolder()
    let positions = 5_000
    let tokens = (0..<positions).map { Int32($0 * 7 % 50) }
    let features = try folder.write(
      "f.npy", NPY.features("<f4", (0..<positions).map { Float($0) }, dimension: 1))
    let file = try folder.write("t.npy", NPY.labels(tokens))
    let alignment = TokenAlignment(tokens: [file], bounds: .length(64), endOfText: 0)
    let whole = try readAll(features, options: ReadOptions(alignment: alignment))
    let (labels, values) = (whole.blocks.flatMap(\.labels), whole.blocks.flatMap(\.values))
    let count = labels.count
    #expect(count == (0..<positions - 1).count { tokens[$0] != 0 && ($0 + 1) % 64 != 0 })
    for window in [0..<1, 10..<11, 0..<count, 61..<130, count - 1..<count, 1000..<1999] {
      let part = try readAll(features, options: ReadOptions(alignment: alignment, rows: window))
      #expect(part.blocks.flatMap(\.labels) == Array(labels[window]), "\(window)")
      #expect(part.blocks.flatMap(\.values) == Array(values[window]), "\(window)")
    }
    let found = expectError(.truncated) {
      _ = try readAll(features, options: ReadOptions(alignment: alignment, rows: 1..<count + 1))
    }
    #expect(found?.found == "\(count) rows")
    #expect(try RowCount.of(features, number: 0, options: ReadOptions(alignment: alignment)) == count)
  }
}
