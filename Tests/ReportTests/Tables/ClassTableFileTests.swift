import TestSupport
import Testing

@testable import Formats
@testable import Geometry
@testable import HDF5
@testable import Report

@Suite("Reading the table of classes")
struct ClassTableFileTests {
  @Test("CSV: texts as they are, numbers if there are any; a column without any counts as missing")
  func csv() throws {
    let rows = try ClassTable(csv: "token,text,count,norm,x\n3,\" a,\"\"b\",2,,nan\n5,7,1e3,,inf\n")
    #expect(rows.rows == 2 && rows.columns.map(\.name) == ["token", "text", "count", "norm", "x"])
    #expect(
      rows.texts(.named("text")) == [" a,\"b", "7"] && rows.numbers(.named("text")) == nil
        && rows.texts(.named("token")) == nil)
    #expect(
      rows.numbers(.named("token")) == [3, 5] && rows.numbers(.named("count")) == [2, 1000]
        && rows.numbers(.named("norm")) == nil)
    #expect(rows.numbers(.named("x"))?.last == .infinity && rows.numbers(.named("y")) == nil)
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
    let rows = try ClassTable(path)
    #expect(rows.rows == 2 && rows.columns.map(\.name) == ["token", "text", "count", "norm"])
    #expect(rows.numbers(.named("token")) == [4, nil] && rows.numbers(.named("norm")) == [0.5, nil])
    #expect(rows.numbers(.named("count")) == [7, 8] && rows.texts(.named("text")) == ["é", ""])
    try write([7, 8, 9])
    let lengths = #expect(throws: ReportError.self) { try ClassTable(path) }
    #expect(lengths?.diagnosis.found == "2, 3")
    try write([7, 8], format: "collapse-moments")
    #expect(#expect(throws: ReportError.self) { try ClassTable(path) }?.diagnosis.found == "“collapse-moments”")
  }

  @Test("Texts of a tokenizer come after their tokens, if the table has none")
  func naming() throws {
    let tokenizer = try Tokenizer(Places.sample + "/tokenizer.json")
    let named = try ClassTable(csv: "token,count,nearest_token\n257,1,500\n2047,2,\n99999,3,1.5\n").naming(tokenizer)
    #expect(named.columns.map(\.name) == ["token", "text", "count", "nearest_token", "nearest_text"])
    #expect(
      named.texts(.named("text")) == ["th", "Yea", ""] && named.texts(.named("nearest_text")) == [" children", "", ""])
    let own = try ClassTable(csv: "token,text,count\n257,x,1\n")
    #expect(own.naming(tokenizer) == own)
  }

  @Test(
    "A table without tokens or counts, or with a duplicate, and a field that is not a number, are refused",
    arguments: ["token,norm\n1,2\n", "count\n1\n", "token,count,count\n1,2,3\n", "token,count\n1,two\n"])
  func wrong(text: String) {
    let error = #expect(throws: ReportError.self) { try ClassTable(csv: text) }
    #expect(
      error?.isBadInput == true
        && error?.diagnosis.file?.hasSuffix(text.hasSuffix("two\n") ? ".csv:2:3" : ".csv") == true)
  }
}
