import TestSupport
import Testing

@testable import HDF5

@Suite("HDF5 bytes read by the library")
struct HDF5SlabBytesTests {
  private let numbers = (0..<700).map { Double($0) }

  /// All bytes from a row on, `piece` at a time.
  private func read(_ source: HDF5SlabBytes, piece: Int) throws -> [UInt8] {
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: piece))
    while true {
      let got = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      guard got > 0 else { return bytes }
      bytes += buffer[..<got]
      #expect(source.consumedBytes == bytes.count)
    }
  }

  @Test(
    "Rows are read from any row on, in pieces of any size, contiguous and chunked", arguments: [nil, [13, 7], [9, 4]])
  func rows(chunk: [Int]?) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, dataset: "x", numbers, shape: [100, 7], as: .single, chunk: chunk)
    let file = try HDF5File(reading: path)
    for (row, piece) in [(0, 28), (0, 1_000_000), (1, 27), (13, 5), (50, 999), (99, 3), (100, 8)] {
      let source = try HDF5SlabBytes(file, "x", rowBytes: 28, from: row)
      #expect(source.name == path)
      let expected = NPY.bytes(of: numbers[(row * 7)...].map { Float($0) })
      let isSame = try read(source, piece: piece) == expected
      #expect(isSame, "from row \(row), \(piece) at a time")
    }
  }

  @Test("Slabs end where chunks do, even if one starts in the middle of one")
  func slabs() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    // 8 MiB are 8 rows of these doubles, and whole chunks of three make windows of 6.
    let (rows, columns) = (10, 1 << 17)
    RawHDF5.write(
      path, dataset: "x", [Double](repeating: 1, count: rows * columns), shape: [rows, columns], as: .half,
      chunk: [3, columns])
    let source = try HDF5SlabBytes(HDF5File(reading: path), "x", rowBytes: 2 * columns, from: 4)
    var buffer = [UInt8](repeating: 0, count: rows * 2 * columns)
    let counts = try (0..<3).map { _ in
      try buffer.withUnsafeMutableBytes { try source.read(into: $0) } / (2 * columns)
    }
    #expect(counts == [2, 4, 0])
  }

  @Test("An array with elements that were never written is refused")
  func unwritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.writeSparse(path, dataset: "sparse", shape: [2, 1_024])
    RawHDF5.writeSparse(path, dataset: "whole", shape: [1, 1_024])
    let file = try HDF5File(reading: path)
    expectError(.corrupt, file: path, position: "sparse", mentioning: "fully written") {
      _ = try HDF5SlabBytes(file, "sparse", rowBytes: 8_192, from: 0)
    }
    _ = try HDF5SlabBytes(file, "whole", rowBytes: 8_192, from: 0)
  }
}
