import TestSupport
import Testing

@testable import Formats
@testable import HDF5
@testable import Storage

@Suite("HDF5 dataset")
struct HDF5DatasetTests {
  private func rows(_ dataset: HDF5Dataset, _ rows: Range<Int>, columns: Int) throws -> [Double] {
    var numbers = [Double](repeating: .nan, count: rows.count * columns)
    try numbers.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      try dataset.read(rows, as: .float64, into: start)
    }
    return numbers
  }

  @Test("Runs of rows are written and read, in any order")
  func runs() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    do {
      let dataset = try HDF5File(writing: path, for: path).makeDataset("/m", .float64, shape: [5, 3])
      let numbers = (0..<15).map(Double.init)
      try numbers.withUnsafeBytes { bytes in
        let start = try #require(bytes.baseAddress)
        try dataset.write(3..<5, as: .float64, from: start + 9 * 8)
        try dataset.write(0..<3, as: .float64, from: start)
        try dataset.write(2..<2, as: .float64, from: start)
      }
    }
    let dataset = try HDF5File(reading: path).dataset("/m")
    #expect(dataset.shape == [5, 3])
    #expect(try rows(dataset, 1..<4, columns: 3) == (3..<12).map(Double.init))
    #expect(try rows(dataset, 4..<5, columns: 3) == [12, 13, 14])
    #expect(try rows(dataset, 2..<2, columns: 3) == [])
  }

  @Test("Rows beyond the end are an error")
  func beyond() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, dataset: "m", [1, 2, 3, 4], shape: [2, 2])
    let dataset = try HDF5File(reading: path).dataset("m")
    expectError(.corrupt, file: path, position: "m") { _ = try rows(dataset, 1..<3, columns: 2) }
  }

  @Test("Floats of every width, plain and in compressed chunks, are read as doubles")
  func floats() throws {
    let folder = try TemporaryFolder()
    let numbers = [0.5, -1.25, 3, 65_504, 0, -0.0009765625, 1, 2, 4, 8]
    for (float, name) in [(RawHDF5.Float.half, "float16"), (.single, "float32"), (.double, "float64")] {
      for chunkRows in [nil, 1, 3] {
        let path = folder.file("\(name)-\(chunkRows ?? 0).h5")
        RawHDF5.write(path, dataset: "m", numbers, shape: [5, 2], as: float, chunkRows: chunkRows)
        let dataset = try HDF5File(reading: path).dataset("m")
        #expect(dataset.typeName == name && dataset.category == .float)
        #expect(try dataset.readAll(.float64, of: Double.self) == numbers)
      }
    }
  }

  @Test("Integers are reported as integers")
  func integers() throws {
    let folder = try TemporaryFolder()
    try HDF5FileTests.write(folder.file("a.h5"))
    let file = try HDF5File(reading: folder.file("a.h5"))
    let token = try file.dataset("/classes/token")
    #expect(token.typeName == "int32" && token.category == .integer && token.shape == [4])
    #expect(try file.dataset("/within/count").typeName == "int64")
  }

  @Test("Arrays without rows are written and read")
  func empty() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    do {
      let file = try HDF5File(writing: path, for: path)
      try file.makeDataset("/none", .int32, shape: [0]).writeAll([] as [Int32], .int32)
      try file.makeDataset("/wide", .float64, shape: [0, 7]).writeAll([] as [Double], .float64)
    }
    let file = try HDF5File(reading: path)
    #expect(try file.dataset("/none").readAll(.int32, of: Int32.self).isEmpty)
    #expect(
      try file.dataset("/wide").shape == [0, 7] && file.dataset("/wide").readAll(.float64, of: Double.self).isEmpty)
    try file.dataset("/none").checkStored()
  }

  @Test("An array that was created but never written is distinguished from one that was written")
  func stored() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    do {
      let file = try HDF5File(writing: path, for: path)
      _ = try file.makeDataset("/never", .int32, shape: [3])
      try file.makeDataset("/written", .int32, shape: [3]).writeAll([1, 2, 3] as [Int32], .int32)
    }
    let file = try HDF5File(reading: path)
    try file.dataset("/written").checkStored()
    expectError(.corrupt, file: path, position: "/never", mentioning: "[3]") {
      try file.dataset("/never").checkStored()
    }
  }

  @Test("An array with only a small part stored is refused; one that compresses well is not")
  func sparse() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.writeSparse(path, dataset: "sparse", shape: [2, 1 << 38])
    RawHDF5.writeSparse(path, dataset: "dense", shape: [2, 1024])
    RawHDF5.write(path, dataset: "zeros", Array(repeating: 0, count: 100_000), shape: [1_000, 100], chunkRows: 500)
    let file = try HDF5File(reading: path)
    expectError(.corrupt, file: path, position: "sparse", mentioning: "8192 bytes") {
      try file.dataset("sparse").checkStored()
    }
    expectError(.corrupt, file: path, position: "sparse") {
      _ = try file.dataset("sparse").readAll(.float64, of: Double.self)
    }
    #expect(
      try file.dataset("dense").readAll(.float64, of: Double.self).prefix(11) == Array(repeating: 1, count: 10) + [0])
    try file.dataset("dense").checkStored()
    try file.dataset("zeros").checkStored()
    expectError(.corrupt, mentioning: "\(1 << 38)") { _ = try MatrixFile(TensorReference("\(path)#sparse")) }
  }

  @Test("A scalar is not an array: reading it is an error, and never returns stray memory")
  func scalar() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, scalar: "n", 42)
    let dataset = try HDF5File(reading: path).dataset("n")
    #expect(dataset.shape == [])
    expectError(.corrupt, file: path, position: "n") { _ = try dataset.readAll(.int64, of: Int64.self) }
  }
}
