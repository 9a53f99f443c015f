import TestSupport
import Testing

@testable import Artefacts
@testable import HDF5
@testable import Moments

@Suite("Own files")
struct ArtefactFormatTests {
  private static let fruit = format("fruit", 2)

  private static func format(_ name: String, _ version: Int) -> ArtefactFormat {
    ArtefactFormat(
      name: name, version: version, adviceForOthers: "name a \(name)", adviceForDamage: "make it again")
  }

  /// Writes a file with these attributes and reads it back.
  private func file(
    _ content: [String: HDF5Attribute], _ path: String, as format: ArtefactFormat = fruit
  ) throws -> ArtefactFile {
    func write() throws {
      let file = try HDF5File(writing: path, for: path)
      for (name, value) in content { try file.setAttribute(name, value) }
    }
    try write()
    return try ArtefactFile(format, reading: path)
  }

  private let own: [String: HDF5Attribute] = [
    "format": .text("fruit"), "format_version": .int(2), "tool": .text("orchard 3"),
  ]

  @Test("A number is accepted within its range, both ends included, and a text is not a number")
  func numbers() throws {
    let folder = try TemporaryFolder()
    let found = try file(
      own.merging(["n": .int(7), "least": .int(.min), "t": .text("7")]) { $1 }, folder.file("a.h5"))
    #expect(try found.int("n", 7...9) == 7 && found.int("n", 5...7) == 7 && found.int("least", .min ... .max) == .min)
    for range in [8...9, -1...6] {
      expectBadState(mentioning: ["a.h5, attribute n", "\(range.lowerBound) to \(range.upperBound)", "7"]) {
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

  @Test("Another format or version is refused with advice for each")
  func format() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let whole = own.merging(["checksum": .text("ff")]) { $1 }
    #expect(try file(whole, path).checksum() == "ff")
    expectBadState(mentioning: ["attribute format:", "“stone”", "“fruit”", "name a stone"]) {
      _ = try file(whole, path, as: Self.format("stone", 2))
    }
    for version in [1, 3] {
      expectBadState(mentioning: ["attribute format_version: expected \(version), found 2", "orchard 3"]) {
        _ = try file(whole, path, as: Self.format("fruit", version))
      }
    }
    expectBadState(mentioning: ["attribute format_version", "none"]) {
      _ = try file(["format": .text("fruit")], path)
    }
    expectBadState(mentioning: ["attribute checksum", "none"]) { _ = try file(own, path).checksum() }
  }

  @Test("Sums too large for a double to count exactly are refused")
  func sums() throws {
    #expect(try ArtefactFormat.checkSum([1 << 52, 1 << 52], "parts") == 1 << 53)
    for counts in [[1 << 53, 1], [1, .max]] {
      let error = #expect(throws: MomentsError.self) { try ArtefactFormat.checkSum(counts, "parts") }
      #expect(error?.kind == .overflow && error?.description.contains("parts") == true)
    }
  }
}
