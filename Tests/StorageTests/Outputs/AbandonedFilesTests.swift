import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("Abandoned files")
struct AbandonedFilesTests {
  /// A folder in the form that a process leaves.
  @discardableResult
  private func leave(_ name: String, in folder: TemporaryFolder) throws -> String {
    let path = folder.file(name)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try folder.write(name + "/moments.h5", text: "x")
    return path
  }

  private func name(_ owner: ProcessIdentity, _ token: String) -> String { "collapse-\(owner.tag)-\(token)" }

  private func dead(host: String? = nil) -> ProcessIdentity {
    let here = ProcessIdentity.current
    return ProcessIdentity(
      host: host ?? here.host, boot: here.boot, namespace: here.namespace, pid: here.pid, start: here.start - 1,
      user: here.user)
  }

  @Test("Leftovers of a dead process on this machine are removed when the next folder is made, and nothing else")
  func sweep() throws {
    let folder = try TemporaryFolder()
    try leave(name(dead(), "one"), in: folder)
    try folder.write(name(dead(), "two"), text: "x")
    chmod(folder.file(name(dead(), "two")), 0o600)
    let open = try leave(name(dead(), "open"), in: folder)
    chmod(open, 0o777)
    let kept = [
      name(.current, "one"), name(dead(host: "another"), "one"), "collapse-dead", "collapse-a-1-2-3",
      "other-\(dead().tag)-one", "collapse-\(dead().tag)", "collapse--",
    ]
    for name in kept { try leave(name, in: folder) }
    let made = try TemporaryFile.folder(in: folder.path)
    let left = Set(try folder.names).subtracting([(made as NSString).lastPathComponent])
    #expect(left == Set(kept + [name(dead(), "open")]))
  }

  @Test("Links are not followed: neither to a folder, nor inside a folder")
  func links() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let target = try leave("target", in: other)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(name(dead(), "link")), withDestinationPath: target)
    try leave(name(dead(), "folder"), in: folder)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(name(dead(), "folder") + "/link"), withDestinationPath: target)
    AbandonedFiles.remove(in: folder.path)
    #expect(try folder.names == [name(dead(), "link")])
    #expect(try other.read("target/moments.h5") == Array("x".utf8))
  }

  @Test("A folder is private to its owner, and its name says who that is")
  func made() throws {
    let folder = try TemporaryFolder()
    let made = try TemporaryFile.folder(in: folder.path)
    let mode = try FileManager.default.attributesOfItem(atPath: made)[.posixPermissions] as? Int
    #expect(mode == 0o700)
    #expect((made as NSString).lastPathComponent.hasPrefix("collapse-\(ProcessIdentity.current.tag)-"))
    #expect(try TemporaryFile.folder(in: folder.path) != made)
  }
}
