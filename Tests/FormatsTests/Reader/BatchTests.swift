import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Samples

@Suite("Batch")
struct BatchTests {
  private let features = NPY.floats([[1, 2], [3, 4], [5, 6]])

  private func block(_ arrays: [UInt8]...) throws -> BlockContent {
    let folder = try TemporaryFolder()
    return try #require(try readAll(folder.write("a", arrays.flatMap { $0 })).blocks.first)
  }

  @Test("Labels give the same samples in every integer type and byte order")
  func labelTypes() throws {
    func expect<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) throws {
      for isBigEndian in [false, true] {
        let found = try block(NPY.integers([0, 17, 127] as [Number], isBigEndian: isBigEndian), features)
        #expect(found.labels == [0, 17, 127], "\(Number.self)")
      }
    }
    try expect(Int8.self)
    try expect(UInt8.self)
    try expect(Int16.self)
    try expect(UInt16.self)
    try expect(Int32.self)
    try expect(UInt32.self)
    try expect(Int64.self)
    try expect(UInt64.self)
  }

  @Test("A negative label is named by its row and value, with the usual cause")
  func negativeLabel() throws {
    let folder = try TemporaryFolder()
    let good = NPY.integers([1, 2, 3] as [Int64]) + features
    let file = try folder.write("a", good + NPY.integers([4, 5, -100] as [Int64]) + features)
    expectError(.badLabel, file: file, position: "row 5", mentioning: "-100", "padding") { _ = try readAll(file) }
  }

  @Test("A label beyond 31 bits is named by its row and value")
  func largeLabel() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a", NPY.integers([4, 1 << 31, 2] as [UInt32]) + features)
    expectError(.badLabel, file: file, position: "row 1", mentioning: "2147483648", "31 bits") { _ = try readAll(file) }
    let other = try folder.write("b", NPY.integers([4, 5, 0x0100_0000_0000] as [Int64]) + features)
    expectError(.badLabel, file: other, position: "row 2", mentioning: "1099511627776") { _ = try readAll(other) }
  }

  @Test("A negative prediction is called a prediction")
  func negativePrediction() throws {
    let folder = try TemporaryFolder()
    let labels = NPY.integers([4, 5, 6] as [Int32])
    let file = try folder.write("a", labels + NPY.integers([4, -1, 6] as [Int32]) + features)
    expectError(.badLabel, file: file, position: "row 1", mentioning: "a prediction", "-1") { _ = try readAll(file) }
  }

  @Test("Features of every type and byte order give the numbers written")
  func featureTypes() throws {
    let numbers = [0.5, -1.25, 3, 65_504, -0.0009765625, 0, 1, 2, 4]
    let labels = NPY.integers([1, 2, 3] as [Int32])
    let rows = [Array(numbers[0..<3]), Array(numbers[3..<6]), Array(numbers[6..<9])]
    let half = numbers.map { Float16($0).bitPattern }
    let single = numbers.map { Float($0).bitPattern }
    let double = numbers.map(\.bitPattern)
    let arrays = [
      NPY.array("<f2", [3, 3], NPY.bytes(of: half)), NPY.array(">f2", [3, 3], NPY.bytes(of: half.map(\.bigEndian))),
      NPY.array("<f4", [3, 3], NPY.bytes(of: single)),
      NPY.array(">f4", [3, 3], NPY.bytes(of: single.map(\.bigEndian))),
      NPY.array("<f8", [3, 3], NPY.bytes(of: double)),
      NPY.array(">f8", [3, 3], NPY.bytes(of: double.map(\.bigEndian))),
    ]
    for array in arrays { #expect(try block(labels, array).values == rows) }
    let brain = [1.0, -2.5, 0.15625].map { UInt16(Float($0).bitPattern >> 16) }
    for descriptor in ["<V2", "|V2"] {
      let found = try block(labels, NPY.array(descriptor, [3, 1], NPY.bytes(of: brain)))
      #expect(found.scalar == .bfloat16 && found.values == [[1], [-2.5], [0.15625]])
    }
  }

  /// A batch whose features are column-major, in the given byte order.
  private func columnMajor(_ samples: StreamSamples, isBigEndian: Bool = false) -> [UInt8] {
    let width = samples.scalar.byteCount
    var bytes: [UInt8] = []
    bytes.reserveCapacity(samples.features.count)
    for feature in 0..<samples.dimension {
      for row in 0..<samples.rows {
        let place = (row * samples.dimension + feature) * width
        let element = samples.features[place..<place + width]
        if isBigEndian { bytes += element.reversed() } else { bytes += element }
      }
    }
    var descriptor = StreamSamples.descriptors[samples.scalar] ?? ""
    if isBigEndian { descriptor = ">" + descriptor.dropFirst() }
    let shape = [samples.rows, samples.dimension]
    return NPY.integers(samples.labels) + NPY.array(descriptor, shape, bytes, isColumnMajor: true)
  }

  @Test("Column-major features are read row by row", arguments: ScalarType.allCases)
  func columnMajorFeatures(scalar: ScalarType) throws {
    let samples = StreamSamples(rows: 37, dimension: 5, scalar: scalar)
    #expect(try block(columnMajor(samples)) == samples.blocks[0])
    if scalar != .bfloat16 { #expect(try block(columnMajor(samples, isBigEndian: true)) == samples.blocks[0]) }
  }

  @Test("Column-major features with more rows than a block make the blocks of row-major ones, compressed too")
  func columnMajorBlocks() throws {
    let samples = StreamSamples(rows: 40_000, dimension: 3, scalar: .float16)
    let folder = try TemporaryFolder()
    let bytes = columnMajor(samples)
    let expected = samples.blocks
    #expect(expected.count == 2)
    #expect(try readAll(folder.write("a", bytes)).blocks == expected)
    #expect(try readAll(folder.write("b", Zstd.frames(bytes, of: 50_000))).blocks == expected)
    #expect(try readAll(folder.pipe("c", of: bytes)).blocks == expected)
  }

  @Test("Column-major features too large for memory are read from the spool's file")
  func columnMajorFromDisk() throws {
    // 18 MB of features: a spool keeps 16 MiB.
    let rows = 150
    let dimension = 15_000
    let columns = (0..<dimension).flatMap { feature in (0..<rows).map { Double(feature * 1_000 + $0) } }
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "a",
      NPY.integers([Int32](repeating: 1, count: rows))
        + NPY.array("<f8", [rows, dimension], NPY.bytes(of: columns), isColumnMajor: true))
    let reader = EmbeddingReader(inputs: [file], options: ReadOptions())
    var row = 0
    while let block = try reader.next() {
      do {
        let features = block.featureValues
        for index in 0..<block.rows {
          for feature in [0, 1, 7_777, dimension - 1] {
            #expect(features[index * dimension + feature] == Double(feature * 1_000 + row))
          }
          row += 1
        }
      }
    }
    #expect(row == rows)
  }

  @Test("Truncated features are an error that names the first missing row, plain, compressed and column-major")
  func cutFeatures() throws {
    let samples = StreamSamples(rows: 10, dimension: 4, scalar: .float32)
    let folder = try TemporaryFolder()
    let whole = samples.stream(batches: [4, 6])
    // Two and a half rows are missing.
    let cut = try folder.write("a", Zstd.frame(Array(whole.dropLast(40))))
    expectError(.truncated, file: cut, mentioning: "row 7") { _ = try readAll(cut) }
    let columns = try folder.write("b", Zstd.frame(Array(columnMajor(samples).dropLast(1))))
    expectError(.truncated, file: columns, mentioning: "float32 of shape (10, 4)") { _ = try readAll(columns) }
    let labels = try folder.write("c", Zstd.frame(Array(NPY.integers(samples.labels).dropLast(1))))
    expectError(.truncated, file: labels, position: "decoded byte 0", mentioning: "labels (int32 of shape (10,))") {
      _ = try readAll(labels)
    }
  }

  @Test("A claim of 2^59 labels in a compressed file is an error, not an allocation")
  func hugeClaim() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a", Zstd.frame(NPY.array("<i8", [1 << 59], [1, 0, 0])))
    expectError(.truncated, file: file) { _ = try readAll(file) }
  }
}
