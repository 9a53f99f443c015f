import TestSupport
import Testing

@testable import HDF5

@Suite("Rows of a matrix in HDF5")
struct HDF5RowsTests {
  private func read(_ rows: HDF5Rows, _ chosen: [Int], columns: Int) throws -> [Double] {
    var numbers = [Double](repeating: .nan, count: chosen.count * columns)
    try numbers.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { try rows.read(chosen, into: start) }
    }
    return numbers
  }

  @Test(
    "Any rows are read in windows of any size, from chunks of any height",
    arguments: [nil, 1, 2, 3, 7, 50, 97, 100], [8, 40, 41, 80, 400, 1 << 20])
  func windows(chunkRows: Int?, windowBytes: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let (count, columns) = (100, 5)
    RawHDF5.write(
      path, dataset: "w", (0..<count * columns).map(Double.init), shape: [count, columns], as: .single,
      chunkRows: chunkRows)
    let rows = try HDF5Rows(file: HDF5File(reading: path), path: "w", windowBytes: windowBytes)
    var random = SeededGenerator(chunkRows ?? 0)
    let some = (0..<count).filter { _ in Bool.random(using: &random) }
    for chosen in [[], [0], [99], Array(0..<count), some, [0, 99], [6, 7, 8, 49, 50, 96, 97]] {
      let expected = chosen.flatMap { row in (0..<columns).map { Double(row * columns + $0) } }
      #expect(try read(rows, chosen, columns: columns) == expected)
    }
  }

  @Test("Windows end where chunks do, unless a chunk is larger")
  func aligned() throws {
    let folder = try TemporaryFolder()
    for (chunkRows, window) in [(nil, 10), (1, 10), (3, 9), (4, 8), (10, 10), (11, 10), (100, 10)] as [(Int?, Int)] {
      let path = folder.file("\(chunkRows ?? 0).h5")
      RawHDF5.write(path, dataset: "w", Array(repeating: 1, count: 500), shape: [100, 5], chunkRows: chunkRows)
      #expect(try HDF5Rows(file: HDF5File(reading: path), path: "w", windowBytes: 400).window == window)
    }
  }

  @Test("A row beyond the end is an error")
  func beyond() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, dataset: "w", [1, 2, 3, 4], shape: [2, 2], chunkRows: 1)
    let rows = try HDF5Rows(file: HDF5File(reading: path), path: "w")
    expectError(.corrupt, file: path, position: "w") { _ = try read(rows, [1, 2], columns: 2) }
  }

  @Test("A large compressed chunk is decompressed once, not for every row", .timeLimit(.minutes(5)))
  func once() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let (count, columns) = (40_000, 64)
    var random = SeededGenerator(1)
    let numbers = (0..<count * columns).map { _ in Double.random(in: 0..<1, using: &random) }
    RawHDF5.write(path, dataset: "w", numbers, shape: [count, columns], chunkRows: count)
    let rows = try HDF5Rows(file: HDF5File(reading: path), path: "w")
    #expect(rows.window < count)
    let every = Array(stride(from: 1, to: count, by: 2))
    // Decompressing the chunk for each of them would take a quarter of an hour.
    #expect(try read(rows, every, columns: columns) == every.flatMap { numbers[$0 * columns..<($0 + 1) * columns] })
  }
}
