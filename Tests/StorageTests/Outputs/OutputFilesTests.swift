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
    for _ in 0..<100 { #expect(OutputFiles.file(ofTemporary: OutputFiles.temporary(for: file)) == Array(file.utf8)) }
    #expect(OutputFiles.temporary(for: file) != OutputFiles.temporary(for: file))
  }

  @Test("A token has no dot, so no output claims what belongs to an output with a longer name")
  func exact() {
    #expect(OutputFiles.file(ofTemporary: OutputFiles.temporary(for: "o.npy.zst")) == Array("o.npy.zst".utf8))
    for other in [
      "o.npy", ".o.npy", ".o.npy.partial", ".o.npy.zst.partial", ".o.npy.0123456789ABC.partial",
      ".o.npy.0123456789abcd.partial", ".0123456789abc.partial", "o.npy.0123456789abc.partial",
      ".o.npy.0123456789abc", ".partial", "..partial",
    ] { #expect(OutputFiles.file(ofTemporary: other) == nil, "\(other)") }
  }

  @Test(
    "No output may have the name of a hidden file",
    arguments: [
      ".o.lock", ".lock", ".o.checkpoint", ".o.checkpoint.previous", ".o.0123456789abc.partial", ".collapse",
      ".figures", ".collapse/o.json",
    ])
  func reserved(name: String) async throws {
    let folder = try TemporaryFolder()
    try AtomicFile.makeFolder(folder.file(".collapse"))
    if name != ".collapse" {
      expectError(.cannotWrite, file: folder.file(name), mentioning: "its own files", "choose another name") {
        try AtomicFile.check(folder.file(name))
      }
    }
    await #expect(throws: StreamError.self) { _ = try await OutputLock.take(folder.file(name), run: "first") }
    #expect(try folder.names == [".collapse"])
  }

  @Test(
    "Other names are free",
    arguments: ["o.lock", "o.checkpoint", ".o", "..lock.x", "o.0123456789abc.partial", ".o.partial"])
  func free(name: String) throws {
    let folder = try TemporaryFolder()
    try AtomicFile.check(folder.file(name))
    try AtomicFile.write(folder.file(name), text: "x")
    #expect(try folder.names == [name])
  }

  @Test("A name of 255 bytes has hidden files too, and two such names have different ones")
  func long() async throws {
    let folder = try TemporaryFolder()
    let names =
      ["a", "b", "é"].map { String(repeating: "é", count: 126) + "o" + $0 } + [String(repeating: "n", count: 255)]
    var seen: Set<String> = []
    for name in names {
      let output = folder.file(name)
      let lock = try await OutputLock.take(output, run: "first")
      try AtomicFile.write(output, text: "x")
      let files = OutputFiles(output)
      try AtomicFile.write(files.checkpoint, text: "x")
      #expect(rename(files.checkpoint, files.previousCheckpoint) == 0)
      try AtomicFile.write(files.checkpoint, text: "x")
      try AtomicFile.makeFolder(Files.folder(of: files.record))
      try AtomicFile.write(files.record, text: "x")
      for file in [files.lock, files.checkpoint, files.record] { #expect(seen.insert(file).inserted) }
      lock.release()
    }
    Leftovers.removeAll(of: names.map { OutputFiles(folder.file($0)) })
    #expect(try folder.names == ([".collapse"] + names).sorted())
  }
}
