import TestSupport
import Testing

@testable import Artefacts
@testable import Formats
@testable import Geometry
@testable import HDF5
@testable import Moments
@testable import Report
@testable import Samples
@testable import Storage
@testable import Vocabulary

@Suite("The table of classes as a file")
struct ClassesFileTests {
  private let folder: TemporaryFolder
  private let table: ClassTable

  /// Three classes; the last is at the global mean and so has no nearest one.
  init() throws {
    folder = try TemporaryFolder()
    table = try Measures(
      of: ClassSelection(
        MomentsTable(
          tokens: [3, 8, 9], counts: [2, 4, 1], means: Matrix(rows: 3, columns: 2, elements: [1, 0, -1, 0, 0, 0]),
          m2: [1, 4, 0], withinScatter: nil))
    ).classes
  }

  private func tokenizer() throws -> Tokenizer {
    try Tokenizer(
      try folder.write(
        "tokenizer.json",
        text: #"{"model": {"type": "BPE", "vocab": {"Ġa": 3, ",\"": 8}}, "decoder": {"type": "ByteLevel"}}"#))
  }

  @Test("Texts of tokens follow RFC 4180, and are empty if the tokenizer has none")
  func csv() throws {
    try ClassesFile.begin(table.naming(tokenizer(), types: true), at: folder.file("c.csv"), provenance: [:]).commit()
    #expect(
      String(decoding: try folder.read("c.csv"), as: UTF8.self) == """
        token,text,type,count,norm,variance,mean_cdnv,nearest_token,nearest_text,nearest_coherence,cosine,nc4_samples,nc4_hits
        3," a",word_start,2,1.0,0.5,0.21875,8,",""\",-1.0,,,
        8,",""\",punctuation,4,1.0,1.0,0.34375,3," a",-1.0,,,
        9,,,1,0.0,0.0,0.375,,,,,,

        """)
  }

  @Test("The numbers have one identity in memory, CSV and HDF5, with and without texts; others have another")
  func digest() throws {
    for name in ["c.csv", "c.h5"] {
      for table in [table, try table.naming(tokenizer(), types: true)] {
        try ClassesFile.begin(table, at: folder.file(name), provenance: [:]).commit()
        #expect(try ClassesReader(folder.file(name)).table.digest == table.digest, "\(name)")
        #expect(table.digest == self.table.digest)
      }
    }
    let text = String(decoding: try folder.read("c.csv"), as: UTF8.self).replacing("0.21875", with: "0.21876")
    #expect(try ClassesReader(folder.write("other.csv", text: text)).table.digest != table.digest)
  }

  @Test("Quoted texts read back the same, and so do numbers")
  func roundTrip() throws {
    let texts = [" the", "\"\"", "a,\"b\"", "\n", "\r\n", "", "plain", "\"\u{301}", "日本,"]
    let numbers = [0.1, 1.0 / 3, .leastNonzeroMagnitude, 1e300] + texts.dropFirst(4).map { _ in 0.5 }
    let many = try Measures(
      of: ClassSelection(
        MomentsTable(
          tokens: texts.indices.map { Int32($0) }, counts: texts.map { _ in 2 },
          means: Matrix(rows: texts.count, columns: 1, elements: texts.indices.map { Double($0) }), m2: numbers,
          withinScatter: nil))
    ).classes
    let csv = ClassesFile.csv(many.inserting(ClassColumn(.text, .texts(texts)), after: .token))
    let read = try CSVTable(Array(csv.utf8), file: "c.csv")
    var found: [String] = []
    #expect(try read.forEach(in: "text") { found.append($0) })
    #expect(found == texts)
    #expect(try read.numbers("variance").map(Array.init) == numbers.map { $0 / 2 })
  }

  @Test(
    "HDF5 has one dataset per column, with NaN, −1 and empty texts for undefined values", arguments: ["c.h5", "C.HDF5"])
  func hdf5(name: String) throws {
    let path = folder.file(name)
    try ClassesFile.begin(
      table.naming(tokenizer(), types: true), at: path,
      provenance: ["min_count": .integer(1), "types": .boolean(true), "tool": "collapse"]
    ).commit()
    let file = try HDF5File(reading: path)
    let columns = try table.naming(tokenizer(), types: true).columns
    #expect(try Set(file.datasetPaths()) == Set(columns.map { "/classes/\($0.name)" }))
    func integers(_ name: String) throws -> [Int] { try file.dataset("/classes/\(name)").readAll(.int64, of: Int.self) }
    func numbers(_ name: String) throws -> [Double] {
      try file.dataset("/classes/\(name)").readAll(.float64, of: Double.self)
    }
    #expect(try integers("token") == [3, 8, 9])
    #expect(try integers("nearest_token") == [8, 3, -1])
    #expect(try numbers("mean_cdnv") == [0.21875, 0.34375, 0.375])
    #expect(try numbers("nearest_coherence").map(\.isNaN) == [false, false, true])
    #expect(try numbers("cosine").allSatisfy(\.isNaN))
    #expect(try file.dataset("/classes/text").readTexts() == [" a", ",\"", ""])
    #expect(try file.dataset("/classes/nearest_text").readTexts() == [",\"", " a", ""])
    #expect(try file.dataset("/classes/type").readTexts() == ["word_start", "punctuation", ""])
    #expect(file.attribute("format") == .text("collapse-classes"))
    #expect(file.attribute("classes") == .int(3))
    #expect(file.attribute("min_count") == .int(1))
    #expect(file.attribute("types") == .int(1))
    #expect(file.attribute("tool") == .text("collapse"))
  }

  @Test("The same table gives the same bytes")
  func repeatable() throws {
    for name in ["a.h5", "b.h5"] { try ClassesFile.begin(table, at: folder.file(name), provenance: [:]).commit() }
    #expect(try folder.read("a.h5") == folder.read("b.h5"))
  }

  @Test("A file that cannot be written is an error, and nothing is left")
  func unwritable() throws {
    #expect(throws: StreamError.self) {
      try ClassesFile.begin(table, at: folder.file("no/such/c.h5"), provenance: [:]).commit()
    }
    #expect(try folder.names.isEmpty)
  }
}
