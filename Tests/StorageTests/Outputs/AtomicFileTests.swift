import Foundation
import TestSupport
import Testing

@testable import Storage

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Atomic file")
struct AtomicFileTests {
  private struct Refusal: Error {}

  private func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }

  @Test("The file exists when it is complete, and nothing is next to it")
  func whole() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(folder.file("a"), text: "one\n")
    #expect(try text(folder, "a") == "one\n")
    #expect(try folder.names == ["a"])
  }

  @Test("While it is written, the name still holds the old file")
  func replaces() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", Array("old".utf8))
    try AtomicFile.write(folder.file("a")) { temporary in
      #expect(try text(folder, "a") == "old")
      #expect(URL(fileURLWithPath: temporary).deletingLastPathComponent().path == folder.path)
      try Data("new".utf8).write(to: URL(fileURLWithPath: temporary))
      #expect(try text(folder, "a") == "old")
    }
    #expect(try text(folder, "a") == "new" && folder.names == ["a"])
  }

  @Test("If the writing throws, nothing is left and the old file stays")
  func throwing() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", Array("old".utf8))
    for name in ["a", "b"] {
      #expect(throws: Refusal.self) {
        try AtomicFile.write(folder.file(name)) { temporary in
          try Data("half".utf8).write(to: URL(fileURLWithPath: temporary))
          throw Refusal()
        }
      }
    }
    #expect(try text(folder, "a") == "old" && folder.names == ["a"])
  }

  @Test("A link is written through, relative and absolute, and stays a link")
  func link() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    try other.write("target", Array("old".utf8))
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: other.file("target"))
    try FileManager.default.createSymbolicLink(atPath: folder.file("again"), withDestinationPath: "link")
    try AtomicFile.write(folder.file("again"), text: "new")
    #expect(try text(other, "target") == "new" && other.names == ["target"])
    #expect(try folder.names == ["again", "link"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("again")) == "link")
  }

  @Test("A dangling link is written through too")
  func linkToNothing() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: folder.file("target"))
    try AtomicFile.write(folder.file("link"), text: "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == folder.file("target"))
    #expect(try text(folder, "target") == "new")
    try FileManager.default.createSymbolicLink(atPath: folder.file("second"), withDestinationPath: "third")
    try FileManager.default.createSymbolicLink(atPath: folder.file("third"), withDestinationPath: "fourth")
    try AtomicFile.write(folder.file("second"), text: "newer")
    #expect(try text(folder, "fourth") == "newer")
    #expect(try folder.names == ["fourth", "link", "second", "target", "third"])
  }

  @Test("A directory, a socket and a dash are refused by name, and the work is not started")
  func refused() throws {
    let folder = try TemporaryFolder()
    let socket = try folder.makeSocket("socket")
    for (place, found, advice) in [
      (folder.path, "a directory", "name a file in it"), (socket, "a socket", "name a file or a pipe"),
      ("-", "which means standard output", "without --output, results go to standard output"),
    ] {
      expectError(.cannotWrite, file: place, mentioning: found, advice) {
        try AtomicFile.write(place) { _ in Issue.record("the work was begun") }
      }
      expectError(.cannotWrite, file: place, mentioning: found, advice) { try AtomicFile.check(place) }
    }
    #expect(try folder.names == ["socket"])
  }

  @Test("A missing folder is refused before the work and at its end")
  func missingFolder() throws {
    let folder = try TemporaryFolder()
    let place = folder.file("missing/a")
    expectError(.cannotWrite, file: place, mentioning: "make the folder first") { try AtomicFile.check(place) }
    expectError(.cannotWrite, file: place, mentioning: "make the folder first") {
      try AtomicFile.write(place, text: "new")
    }
    try folder.write("file", [])
    expectError(.cannotWrite, file: folder.file("file/a")) { try AtomicFile.write(folder.file("file/a"), text: "new") }
    try AtomicFile.check(folder.file("a"))
    #expect(try folder.names == ["file"])
  }

  @Test("Folders are created with their parents, and existing ones are fine")
  func makeFolder() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.makeFolder(folder.file("a/b/c"))
    try AtomicFile.makeFolder(folder.file("a/b/c"))
    try AtomicFile.write(folder.file("a/b/c/d"), text: "")
    #expect(try folder.read("a/b/c/d").isEmpty)
    expectError(.cannotWrite) { try AtomicFile.makeFolder(folder.file("a/b/c/d")) }
  }

  @Test("The file has the permissions that the user's mask leaves")
  func permissions() throws {
    let folder = try TemporaryFolder()
    let mask = umask(0o027)
    defer { umask(mask) }
    try AtomicFile.write(folder.file("a"), text: "one")
    let mode = try FileManager.default.attributesOfItem(atPath: folder.file("a"))[.posixPermissions] as? Int
    #expect(mode == 0o640)
  }

  @Test("In a folder that passes on its group, the file has that group")
  func group() throws {
    let folder = try TemporaryFolder()
    // A group of this user other than the default one, if there is one; root may use any.
    let group = geteuid() == 0 ? 4321 : Int(groups.first { $0 != getegid() } ?? getegid())
    try FileManager.default.setAttributes([.groupOwnerAccountID: group], ofItemAtPath: folder.path)
    #expect(chmod(folder.path, 0o2775) == 0)
    try AtomicFile.write(folder.file("a"), text: "one")
    try AtomicFile.write(folder.file("a"), text: "two")
    let made = try FileManager.default.attributesOfItem(atPath: folder.file("a"))[.groupOwnerAccountID] as? Int
    #expect(made == group)
  }

  private var groups: [gid_t] {
    var groups = [gid_t](repeating: 0, count: 256)
    return Array(groups[..<max(Int(getgroups(256, &groups)), 0)])
  }

  @Test("Frequent writes replace the file, complete each time, and leave nothing next to it")
  func refresh() throws {
    let folder = try TemporaryFolder()
    for text in ["one", "two"] {
      try AtomicFile.refresh(folder.file("a"), text: text)
      #expect(try self.text(folder, "a") == text)
    }
    #expect(try folder.names == ["a"])
    expectError(.cannotWrite) { try AtomicFile.refresh(folder.file("missing/a"), text: "") }
  }

  @Test("Text is UTF-8, of any length")
  func text() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "é → ", count: 100_000)
    try AtomicFile.write(folder.file("a"), text: long)
    #expect(try text(folder, "a") == long)
    try AtomicFile.write(folder.file("a"), text: "")
    #expect(try folder.read("a").isEmpty)
  }

  @Test("Simultaneous writers leave one complete file")
  func concurrent() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for letter in ["a", "b", "c", "d"] {
        group.addTask { try AtomicFile.write(path, text: String(repeating: letter, count: 10_000)) }
      }
      try await group.waitForAll()
    }
    #expect(try Set(folder.read("a")).count == 1 && folder.read("a").count == 10_000 && folder.names == ["a"])
  }

  @Test("Of files that belong together none gets its name before all are complete; the last gets it last")
  func together() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b", "c"] { try folder.write(name, text: "old") }
    func write(_ prepare: () throws -> Void = {}, failing: Bool = false) throws {
      try AtomicFile.writeTogether { files in
        for name in ["a", "b", "c"] {
          if failing, name == "c" { throw Refusal() }
          files.append(try AtomicFile.begin(folder.file(name), text: "new"))
          #expect(try text(folder, "a") == "old")
        }
      } replacing: {
        #expect(try folder.names.count { $0.hasPrefix(".") } == 3)
        try prepare()
      }
    }
    #expect(throws: Refusal.self) { try write(failing: true) }
    #expect(throws: Refusal.self) { try write { throw Refusal() } }
    for name in ["a", "b", "c"] { #expect(try text(folder, name) == "old") }
    // Once the second cannot get its name, the last does not get its own.
    #expect(throws: StreamError.self) {
      try write {
        try FileManager.default.removeItem(atPath: folder.file("b"))
        try FileManager.default.createDirectory(atPath: folder.file("b"), withIntermediateDirectories: false)
      }
    }
    #expect(try text(folder, "a") == "new" && text(folder, "c") == "old" && folder.names == ["a", "b", "c"])
    try FileManager.default.removeItem(atPath: folder.file("b"))
    try folder.write("a", text: "old")
    try write()
    for name in ["a", "b", "c"] { #expect(try text(folder, name) == "new") }
    #expect(try folder.names == ["a", "b", "c"])
  }
}
