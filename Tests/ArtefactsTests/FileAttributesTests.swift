import TestSupport
import Testing

@testable import Artefacts
@testable import HDF5

@Suite("Attributes of own files")
struct FileAttributesTests {
  /// Attributes read back from a file of these.
  private func attributes(_ content: [String: HDF5Attribute], _ path: String) throws -> FileAttributes {
    func write() throws {
      let file = try HDF5File(writing: path, for: path)
      for (name, value) in content { try file.setAttribute(name, value) }
    }
    try write()
    return FileAttributes(file: try HDF5File(reading: path), advice: "make it again")
  }

  @Test("A number is taken within its range, both ends of it, and no text for a number")
  func numbers() throws {
    let folder = try TemporaryFolder()
    let found = try attributes(["n": .int(7), "least": .int(.min), "t": .text("7")], folder.file("a.h5"))
    #expect(try found.int("n", 7...9) == 7 && found.int("n", 5...7) == 7 && found.int("least", .min ... .max) == .min)
    for range in [8...9, -1...6] {
      expectBadState(mentioning: ["a.h5, attribute n", "\(range.lowerBound) … \(range.upperBound)", "7"]) {
        _ = try found.int("n", range)
      }
    }
    for name in ["t", "none"] {
      expectBadState(mentioning: ["attribute \(name)", "found none", "make it again"]) {
        _ = try found.int(name, 0...10)
      }
    }
    #expect(found.text("t") == "7" && found.text("n") == nil && found.text("none") == nil)
  }

  @Test("Another format, and another version of it, are refused with what to do about each")
  func format() throws {
    let folder = try TemporaryFolder()
    let found = try attributes(
      ["format": .text("fruit"), "format_version": .int(2), "tool": .text("orchard 3"), "checksum": .text("ff")],
      folder.file("a.h5"))
    try found.checkFormat("fruit", version: 2, advice: "name a fruit")
    #expect(try found.checksum() == "ff")
    expectBadState(mentioning: ["attribute format:", "“stone”", "“fruit”", "name a stone"]) {
      try found.checkFormat("stone", version: 2, advice: "name a stone")
    }
    for version in [1, 3] {
      expectBadState(mentioning: ["attribute format_version: expected \(version), found 2", "orchard 3"]) {
        try found.checkFormat("fruit", version: version, advice: "name a fruit")
      }
    }
    let bare = try attributes(["format": .text("fruit")], folder.file("b.h5"))
    expectBadState(mentioning: ["attribute format_version", "none"]) {
      try bare.checkFormat("fruit", version: 1, advice: "name a fruit")
    }
    expectBadState(mentioning: ["attribute checksum", "none"]) { _ = try bare.checksum() }
  }
}
