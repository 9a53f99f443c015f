import Foundation
import TestSupport
import Testing

@testable import Storage
@testable import Support

@Suite("Foreign formats")
struct ForeignFormatTests {
  @Test("A file is recognized by its first bytes, and the advice matches", arguments: ForeignFiles.all.indices)
  func known(index: Int) throws {
    let file = ForeignFiles.all[index]
    let format = try #require(ForeignFormat.of(file.bytes), "\(file.what)")
    #expect(format.name == file.what && format.advice("some.name").contains(file.advice))
    let diagnosis = ForeignFormat.diagnosis(file: "-", expected: "", start: file.bytes, advice: "other")
    #expect(diagnosis.advice == format.advice("FILE") && diagnosis.found.hasPrefix(file.what + " ("))
    #expect(!diagnosis.advice.contains("\n"))
    // No advice is longer than a readable line.
    #expect(diagnosis.advice.split(separator: " ").count < 26, "\(diagnosis.advice)")
  }

  @Test("Every format has a file here, except the one that is a folder")
  func complete() {
    #expect(Set(ForeignFormat.all.map(\.name)) == Set(ForeignFiles.all.map(\.what)).union(["a Zarr store"]))
  }

  @Test("A Zarr store is a folder", arguments: ["zarr.json", ".zarray", ".zgroup"])
  func zarr(file: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(file, Array("{}".utf8))
    expectError(.notAFile, file: folder.path, mentioning: "a Zarr store", "zarr.open(\"\(folder.path)\")") {
      _ = try FileBytes(name: folder.path)
    }
    expectError(.notAFile, mentioning: "a Zarr store") { _ = try InputFiles.expand([folder.path]) }
  }

  @Test("Other bytes stay unrecognized, with the caller's advice")
  func others() {
    let starts: [[UInt8]] = [
      [], [0x1F], [0x50, 0x4B, 5, 6], Array("text".utf8), Array("BZhello".utf8), [0x80, 2, 0, 0], [0x80, 9, 1],
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], Array("<svg>".utf8),
    ]
    for start in starts {
      let diagnosis = ForeignFormat.diagnosis(file: "a", expected: "b", start: start, advice: "c")
      #expect(
        ForeignFormat.of(start) == nil && diagnosis.found == hexadecimal(start.prefix(6)) && diagnosis.advice == "c")
    }
  }

  @Test(
    "Files written by the tools themselves are recognized",
    arguments: [("gzip", "a gzip file"), ("xz", "an xz file"), ("bzip2", "a bzip2 file")])
  func tools(tool: String, what: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", Array("content".utf8))
    guard Tool.exists(tool) else { return }
    #expect(ForeignFormat.of(Array(try Tool.run(tool, ["-c", path]).output))?.name == what)
  }
}
