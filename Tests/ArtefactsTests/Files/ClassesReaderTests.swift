import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import HDF5
@testable import Storage
@testable import Support

@Suite("Reading the table of classes")
struct ClassesReaderTests {
  @Test("CSV: texts as they are, numbers if there are any")
  func csv() throws {
    let folder = try TemporaryFolder()
    let text = "token,text,count,norm\n3,\" a,\"\"b\",2,\n5,7,1e3,inf\n"
    let table = try ClassesReader(folder.write("c.csv", text: text)).table
    #expect(table.rows == 2 && table.columns.map(\.name) == ["token", "text", "count", "norm"])
    #expect(table["text"]?.texts == [" a,\"b", "7"] && table["token"]?.numbers == [3, 5])
    #expect(table["count"]?.numbers == [2, 1000] && table["norm"]?.numbers == [nil, .infinity])
  }

  @Test("HDF5: the existing columns, in the order of the table; −1 and NaN are undefined")
  func hdf5() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("classes.h5")
    func write(_ counts: [Int64], format: String? = nil) throws {
      let file = try HDF5File(writing: path, for: path)
      try file.makeGroup("/classes")
      if let format { try file.setAttribute("format", .text(format)) }
      try file.makeDataset("/classes/norm", .float64, shape: [2]).writeAll([0.5, Double.nan], .float64)
      try file.makeDataset("/classes/count", .int64, shape: [counts.count]).writeAll(counts, .int64)
      try file.makeDataset("/classes/token", .int64, shape: [2]).writeAll([Int64(4), -1], .int64)
      try file.writeTexts("/classes/text", ["é", ""])
      try file.flush()
    }
    try write([7, 8])
    let table = try ClassesReader(path).table
    #expect(table.rows == 2 && table.columns.map(\.name) == ["token", "text", "count", "norm"])
    #expect(table["token"]?.numbers == [4, nil] && table["norm"]?.numbers == [0.5, nil])
    #expect(table["count"]?.numbers == [7, 8] && table["text"]?.texts == ["é", ""])
    try write([7, 8, 9])
    let lengths = #expect(throws: StreamError.self) { try ClassesReader(path) }
    #expect(lengths?.diagnosis.found == "2, 3")
    try write([7, 8], format: "collapse-moments")
    #expect(#expect(throws: StreamError.self) { try ClassesReader(path) }?.diagnosis.found == "“collapse-moments”")
  }

  @Test(
    "A table without tokens or counts, or with a duplicate, and a field that is not a number, are refused",
    arguments: ["token,norm\n1,2\n", "count\n1\n", "token,count,count\n1,2,3\n", "token,count\n1,two\n"])
  func wrong(text: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("c.csv", text: text)
    let error = #expect(throws: StreamError.self) { try ClassesReader(file) }
    #expect(error?.isBadInput == true && error?.diagnosis.file == (text.hasSuffix("two\n") ? "\(file):2:3" : file))
  }
}
