import TestSupport
import Testing

@testable import HDF5
@testable import Storage

@Suite("HDF5 attributes")
struct HDF5AttributesTests {
  @Test("Integers and texts of any length are read back, and listed in order")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let long = String(repeating: "→ é ", count: 5_000)
    do {
      let file = try HDF5File(writing: path, for: path)
      try file.setAttribute("text", .text("train-00.npy.zst"))
      try file.setAttribute("empty", .text(""))
      try file.setAttribute("long", .text(long))
      try file.setAttribute("int", .int(.min))
      expectError(.cannotWrite, file: path) { try file.setAttribute("int", .int(1)) }
    }
    let file = try HDF5File(reading: path)
    #expect(file.attributeNames() == ["empty", "int", "long", "text"])
    #expect(file.attribute("text") == .text("train-00.npy.zst") && file.attribute("empty") == .text(""))
    #expect(file.attribute("long") == .text(long) && file.attribute("int") == .int(.min))
    #expect(file.attribute("missing") == nil)
  }

  @Test(
    "A text of any length is read back complete, or refused when it is written",
    arguments: [65_400, 65_535, 65_536, 65_537, 300_000, 20_000_000])
  func longTexts(count: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let text = String(repeating: "x", count: count)
    do {
      try HDF5File(writing: path, for: path).setAttribute("long", .text(text))
    } catch let error as StreamError {
      #expect(error.kind == .cannotWrite)
      return
    }
    #expect(try HDF5File(reading: path).attribute("long") == .text(text))
  }

  @Test("A string of fixed length is read up to its padding")
  func fixedLength() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, attribute: "padded", fixed: "moments", length: 16)
    RawHDF5.write(path, attribute: "full", fixed: "moments", length: 7)
    let file = try HDF5File(reading: path)
    #expect(file.attribute("padded") == .text("moments") && file.attribute("full") == .text("moments"))
  }

  @Test("An attribute with several numbers is refused, however small they are")
  func several() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    RawHDF5.write(path, attribute: "one", [7])
    RawHDF5.write(path, attribute: "two", [1, 2])
    RawHDF5.write(path, attribute: "many", Array(repeating: 1, count: 100))
    RawHDF5.write(path, attribute: "float", 0.5)
    let file = try HDF5File(reading: path)
    #expect(file.attribute("one") == .int(7))
    #expect(file.attribute("two") == nil && file.attribute("many") == nil && file.attribute("float") == nil)
  }
}
