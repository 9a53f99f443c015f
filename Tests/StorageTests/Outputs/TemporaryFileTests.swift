import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("Temporary file")
struct TemporaryFileTests {
  @Test("A temporary folder is private to its owner, and no two are the same")
  func folder() throws {
    let folders = try (0..<3).map { _ in try TemporaryFile.folder() }
    defer { for folder in folders { try? FileManager.default.removeItem(atPath: folder) } }
    #expect(Set(folders).count == 3)
    for folder in folders {
      let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
      #expect(mode == 0o700)
    }
  }

  @Test("An unnamed file holds bytes and has no name")
  func unnamed() throws {
    let file = try TemporaryFile.unnamed()
    try file.closeAfter {
      var status = stat()
      #expect(fstat(file.rawValue, &status) == 0 && status.st_nlink == 0)
      try file.writeAll([1, 2, 3])
      var bytes: [UInt8] = [0, 0, 0]
      let got = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
      #expect(got == 3 && bytes == [1, 2, 3])
    }
  }

  @Test("A temporary folder is created where requested, and an error names the folder that refuses")
  func place() throws {
    let folder = try TemporaryFolder()
    let made = try TemporaryFile.folder(in: folder.path)
    #expect(made.hasPrefix(folder.path + "/collapse-"))
    let error = #expect(throws: StreamError.self) { try TemporaryFile.folder(in: folder.file("none")) }
    #expect(error?.kind == .cannotWrite)
    #expect(error?.diagnosis.file == folder.file("none"))
  }

  @Test("A folder's free space is that of its file system, and unknown if the folder is missing")
  func room() throws {
    let folder = try TemporaryFolder()
    #expect(try #require(TemporaryFile.room(in: folder.path)) > 0)
    #expect(TemporaryFile.room(in: folder.file("none")) == nil)
  }
}
