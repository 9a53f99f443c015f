import Foundation
import Support
import TestSupport
import Testing

@testable import Storage

@Suite("Globs")
struct GlobTests {
  private func folder(_ files: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for file in files {
      let path = folder.file(file) as NSString
      try FileManager.default.createDirectory(
        atPath: path.deletingLastPathComponent, withIntermediateDirectories: true)
      try folder.write(file, [1])
    }
    return folder
  }

  private func expand(_ pattern: String, in folder: TemporaryFolder) throws -> [String] {
    try InputFiles.expand([folder.file(pattern)]).map { String($0.dropFirst(folder.path.count + 1)) }
  }

  @Test("Two stars stand for folders at any depth, none included")
  func recursion() throws {
    let folder = try folder([
      "deep/0.npy", "deep/c/1.npy", "deep/a/b/2.npy", "deep/a/b/2.txt", "deep/.hidden/3.npy", "4.npy",
    ])
    #expect(try expand("deep/**/*.npy", in: folder) == ["deep/0.npy", "deep/a/b/2.npy", "deep/c/1.npy"])
    #expect(try expand("deep/**/b/*.npy", in: folder) == ["deep/a/b/2.npy"])
    #expect(try expand("**/deep/**/[12].npy", in: folder) == ["deep/a/b/2.npy", "deep/c/1.npy"])
    #expect(try expand("deep/a/**", in: folder) == ["deep/a/b/2.npy", "deep/a/b/2.txt"])
    #expect(try expand("deep/**/*", in: folder).count == 4)
    #expect(try expand("*/*.npy", in: folder) == ["deep/0.npy"])
    #expect(try expand("deep/.hidden/**/*.npy", in: folder) == ["deep/.hidden/3.npy"])
    #expect(try expand("deep//a/*/2.npy", in: folder) == ["deep//a/b/2.npy"])
  }

  @Test("Links to folders are followed, and each folder is entered once")
  func links() throws {
    let (folder, other) = (try folder(["run/1.npy", "run/sub/2.npy"]), try folder(["x/3.npy"]))
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: folder.file("latest"), withDestinationPath: "run")
    try manager.createSymbolicLink(atPath: folder.file("run/up"), withDestinationPath: "..")
    try manager.createSymbolicLink(atPath: folder.file("a-part"), withDestinationPath: other.path)
    #expect(try expand("**/*.npy", in: folder) == ["a-part/x/3.npy", "run/1.npy", "run/sub/2.npy"])
  }

  @Test("A name that is not UTF-8 is found, by a pattern and by itself")
  func bytes() throws {
    let folder = try folder(["a.npy"])
    let name = folder.path + "/caf" + FileName.text([0xE9]) + ".npy"
    try AtomicFile.write(name, text: "x")
    for pattern in ["*.npy", "**/*.npy"] {
      #expect(try InputFiles.expand([folder.file(pattern)]) == [folder.file("a.npy"), name])
    }
    #expect(try InputFiles.expand([name]) == [name] && Files.contents(of: name).map(Array.init) == [0x78])
    #expect(
      try Files.names(in: folder.path).map(FileName.bytes).contains(Array("caf".utf8) + [0xE9] + Array(".npy".utf8)))
  }

  @Test("Names that look the same but differ in bytes are two files")
  func looks() throws {
    let folder = try folder(["\u{E9}.npy", "e\u{301}.npy"])
    #expect(try InputFiles.expand([folder.file("**/*.npy")]).count == 2)
  }

  @Test("A pattern that matches a folder is refused, because its files would be left out")
  func folders() throws {
    let folder = try folder(["a1", "a2/x.npy", "b/a3"])
    for pattern in ["a*", "a?", "*/", "**/a*", "*"] {
      expectError(.notAFile, file: folder.file("a2"), mentioning: "a folder", "**") {
        _ = try InputFiles.expand([folder.file(pattern)])
      }
    }
    try folder.write("a2/.zgroup", [1])
    expectError(.notAFile, mentioning: "a Zarr store") { _ = try InputFiles.expand([folder.file("a*")]) }
  }

  @Test("A link that leads nowhere is refused, as a file and as a folder on the way")
  func dangling() throws {
    let folder = try folder(["a1", "b/c/x.npy"])
    for name in ["a2", "b/part"] {
      try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: folder.file("nothing"))
    }
    for (pattern, name) in [("a*", "a2"), ("b/*/x.npy", "b/part"), ("b/**/*.npy", "b/part")] {
      expectError(.missing, file: folder.file(name), mentioning: "a link that leads nowhere", pattern) {
        _ = try InputFiles.expand([folder.file(pattern)])
      }
    }
  }

  @Test("A folder that cannot be listed is named", .enabled(if: geteuid() != 0, "the superuser may list everything"))
  func unreadable() throws {
    let folder = try folder(["a/x.npy", "b/x.npy"])
    chmod(folder.file("b"), 0)
    defer { chmod(folder.file("b"), 0o700) }
    for pattern in ["*/*.npy", "**/*.npy", "*/x.npy"] {
      expectError(.unreadable, mentioning: folder.file("b"), "Permission denied") {
        _ = try InputFiles.expand([folder.file(pattern)])
      }
    }
  }
}
