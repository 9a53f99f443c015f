import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("Abandoned folders")
struct AbandonedFoldersTests {
  /// A folder in the form that a process leaves.
  @discardableResult
  private func leave(_ name: String, in folder: TemporaryFolder, by owner: ProcessIdentity?) throws -> String {
    let path = folder.file(name)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try folder.write(name + "/moments.h5", text: "x")
    if let owner { try folder.write(name + "/.owner", Array(JSONEncoder().encode(owner))) }
    return path
  }

  private func dead(host: String? = nil) -> ProcessIdentity {
    let here = ProcessIdentity.current
    return ProcessIdentity(
      host: host ?? here.host, boot: here.boot, namespace: here.namespace, pid: here.pid, start: here.start - 1,
      user: here.user)
  }

  @Test("Leftovers of a dead process on this machine are removed when the next folder is made, and nothing else")
  func sweep() throws {
    let folder = try TemporaryFolder()
    try leave("collapse-dead", in: folder, by: dead())
    try leave("collapse-alive", in: folder, by: .current)
    try leave("collapse-elsewhere", in: folder, by: dead(host: "another"))
    try leave("collapse-unsigned", in: folder, by: nil)
    try leave("other-dead", in: folder, by: dead())
    let open = try leave("collapse-open", in: folder, by: dead())
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open)
    let made = try TemporaryFile.folder(in: folder.path)
    let left = Set(try folder.names).subtracting([(made as NSString).lastPathComponent])
    #expect(
      left == ["collapse-alive", "collapse-elsewhere", "collapse-unsigned", "other-dead", "collapse-open"])
  }

  @Test("Links are not followed: neither to a folder, nor to its owner's record, nor inside a folder")
  func links() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let target = try leave("target", in: other, by: dead())
    try FileManager.default.createSymbolicLink(atPath: folder.file("collapse-link"), withDestinationPath: target)
    try leave("collapse-owner", in: folder, by: nil)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("collapse-owner/.owner"), withDestinationPath: target + "/.owner")
    try leave("collapse-dead", in: folder, by: dead())
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("collapse-dead/link"), withDestinationPath: target)
    AbandonedFolders.remove(in: folder.path)
    #expect(try folder.names == ["collapse-link", "collapse-owner"])
    #expect(try other.read("target/moments.h5") == Array("x".utf8))
  }

  @Test("A folder is private to its owner, and says who that is")
  func made() throws {
    let folder = try TemporaryFolder()
    let made = try TemporaryFile.folder(in: folder.path)
    let mode = try FileManager.default.attributesOfItem(atPath: made)[.posixPermissions] as? Int
    #expect(mode == 0o700)
    let owner = try JSONDecoder().decode(
      ProcessIdentity.self, from: Data(contentsOf: URL(fileURLWithPath: made + "/.owner")))
    #expect(owner == .current)
    #expect(try TemporaryFile.folder(in: folder.path) != made)
  }
}
