import TestSupport
import Testing

@testable import HDF5

@Suite("HDF5 texts")
struct HDF5TextsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(_ texts: [String]) throws -> HDF5Dataset {
    let path = folder.file("a.h5")
    do {
      let file = try HDF5File(writing: path, for: path)
      try file.writeTexts("/texts", texts)
    }
    return try HDF5File(reading: path).dataset("/texts")
  }

  @Test("Texts of any length and script are read back")
  func roundTrip() throws {
    let texts = ["the", " a", "", "日本語", "e\u{301}", "😀", String(repeating: "x", count: 300)]
    let dataset = try written(texts)
    #expect(dataset.typeName == "string" && dataset.shape == [7])
    #expect(try dataset.readTexts().map { Array($0.utf8) } == texts.map { Array($0.utf8) })
  }

  @Test("More texts than one buffer, only empty ones, and none at all are read back")
  func sizes() throws {
    let texts = (0..<9_000).map { String(repeating: "ab", count: $0 % 500) + "\($0)" }
    #expect(try written(texts).readTexts() == texts)
    #expect(try written(["", ""]).readTexts() == ["", ""])
    #expect(try written([]).readTexts() == [])
  }

  @Test("Numbers are not texts")
  func numbers() throws {
    let path = folder.file("n.h5")
    RawHDF5.write(path, dataset: "m", [1, 2], shape: [2])
    let dataset = try HDF5File(reading: path).dataset("m")
    expectError(.corrupt, file: path, position: "m", mentioning: "float64 of shape [2]") { _ = try dataset.readTexts() }
  }
}
