import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Storage

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Permissions of outputs that are made again")
struct KeptPermissionsTests {
  private func mode(_ path: String) -> mode_t { (Files.status(path)?.st_mode ?? 0) & 0o777 }

  @Test(
    "An output keeps its mode, and so does its temporary file", arguments: [0o600, 0o640, 0o664, 0o400] as [mode_t])
  func kept(mode wanted: mode_t) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", [1])
    #expect(chmod(path, wanted) == 0)
    for text in ["one", "two"] {
      try AtomicFile.write(path) { temporary in
        #expect(mode(temporary) == wanted | 0o600)
        try Data(text.utf8).write(to: URL(fileURLWithPath: temporary), options: [])
      }
      #expect(mode(path) == wanted)
      #expect(try folder.read("a") == Array(text.utf8))
    }
    try AtomicFile.refresh(path, text: "three")
    #expect(mode(path) == wanted | 0o600)
  }

  @Test("A mode changed between two runs, or while the output is written, is the one it has then")
  func changed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", [1])
    #expect(chmod(path, 0o600) == 0)
    try AtomicFile.write(path) { _ in #expect(chmod(path, 0o640) == 0) }
    #expect(mode(path) == 0o640)
    #expect(chmod(path, 0o660) == 0)
    let sink = try OutputBytes(path)
    try [7].withUnsafeBytes { try sink.write($0) }
    #expect(chmod(path, 0o604) == 0)
    try sink.commit()
    #expect(mode(path) == 0o604)
  }

  @Test("Behind a link, the file keeps its mode")
  func link() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", [1])
    #expect(chmod(path, 0o600) == 0 && symlink("a", folder.file("l")) == 0)
    try AtomicFile.write(folder.file("l"), text: "new")
    #expect(mode(path) == 0o600)
  }

  @Test("A new file has the mode that the umask leaves, unless it belongs to an output that has another")
  func new() throws {
    let folder = try TemporaryFolder()
    let (plain, output) = (try folder.write("plain", [1]), try folder.write("output", [1]))
    let file = try FileDescriptor.open(
      FilePath(folder.file("usual")), .writeOnly, options: [.create], permissions: FilePermissions(rawValue: 0o666))
    try file.close()
    let usual = mode(folder.file("usual"))
    #expect(chmod(output, 0o600) == 0 && chmod(plain, 0o644) == 0)
    try AtomicFile.write(folder.file("new"), text: "new")
    try AtomicFile.write(folder.file("record"), like: folder.file("missing"), text: "new")
    #expect(mode(folder.file("new")) == usual && mode(folder.file("record")) == usual)
    try AtomicFile.write(folder.file("private"), like: output, text: "new")
    // An older one may have been made before its output became private.
    try AtomicFile.write(plain, like: output, text: "new")
    #expect(mode(folder.file("private")) == 0o600 && mode(plain) == 0o600)
  }

  @Test("Root keeps owner and group; without the group, it may do what everybody may", .enabled(if: geteuid() == 0))
  func owner() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", [1])
    #expect(chown(path, 1234, 2345) == 0 && chmod(path, 0o640) == 0)
    try AtomicFile.write(path, text: "new")
    let status = try #require(Files.status(path))
    #expect(status.st_uid == 1234 && status.st_gid == 2345 && mode(path) == 0o640)
  }

  @Test("The access list is kept, and a folder's default list is not added", .enabled(if: Tool.exists("setfacl")))
  func list() throws {
    let folder = try TemporaryFolder()
    func tool(_ arguments: [String]) throws -> String {
      let result = try Tool.run("/usr/bin/env", arguments, folder: folder.path)
      return result.status == 0 ? String(decoding: result.output, as: UTF8.self) : "failed"
    }
    try folder.write("a", [1])
    try folder.write("b", [1])
    guard try tool(["setfacl", "-m", "u:1234:r,g:2345:rw", "a"]) != "failed" else { return }
    #expect(chmod(folder.file("b"), 0o640) == 0)
    let before = try tool(["getfacl", "-cn", "a", "b"])
    #expect(before.contains("user:1234:r--"))
    _ = try tool(["setfacl", "-d", "-m", "u:77:rwx", "."])
    for name in ["a", "b"] { try AtomicFile.write(folder.file(name), text: "new") }
    #expect(try tool(["getfacl", "-cn", "a", "b"]) == before)
  }
}
