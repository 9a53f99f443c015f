import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("Output files")
struct OutputFilesTests {
  @Test("The hidden files of an output lie beside it, under its name")
  func names() throws {
    let folder = try TemporaryFolder()
    let files = OutputFiles(folder.file("m.h5"))
    #expect(files.folder == folder.path && files.name == "m.h5")
    #expect(files.lock == folder.file(".m.h5.lock"))
    #expect(files.checkpoint == folder.file(".m.h5.checkpoint"))
    #expect(files.previousCheckpoint == folder.file(".m.h5.checkpoint.previous"))
    #expect(files.record == folder.file(".collapse/m.h5.json"))
  }

  @Test("Two names of one file have the same hidden files: those beside the file")
  func link() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.h5"), withDestinationPath: other.file("m.h5"))
    #expect(OutputFiles(folder.file("link.h5")).checkpoint == other.file(".m.h5.checkpoint"))
  }

  @Test("A temporary name says which file it is for", arguments: ["o", "o.npy", ".m.h5.checkpoint", "a b", "é.h5"])
  func temporary(file: String) {
    for _ in 0..<100 { #expect(OutputFiles.file(ofTemporary: OutputFiles.temporary(for: file)) == file) }
    #expect(OutputFiles.temporary(for: file) != OutputFiles.temporary(for: file))
  }

  @Test("A token has no dot, so no output claims what belongs to an output with a longer name")
  func exact() {
    #expect(OutputFiles.file(ofTemporary: OutputFiles.temporary(for: "o.npy.zst")) == "o.npy.zst")
    for other in [
      "o.npy", ".o.npy", ".o.npy.partial", ".o.npy.zst.partial", ".o.npy.0123456789ABC.partial",
      ".o.npy.0123456789abcd.partial", ".0123456789abc.partial", "o.npy.0123456789abc.partial",
      ".o.npy.0123456789abc", ".partial", "..partial",
    ] { #expect(OutputFiles.file(ofTemporary: other) == nil, "\(other)") }
  }
}
