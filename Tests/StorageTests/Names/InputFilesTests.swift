import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("Input files")
struct InputFilesTests {
  private func folder(_ names: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in names { try folder.write(name, [1]) }
    return folder
  }

  @Test("The files of a glob come in natural order: 2 before 10")
  func naturalOrder() throws {
    let folder = try folder([
      "train-10.npy", "train-2.npy", "train-1.npy", "train-02.npy", "other-3.npy", "train-3.txt",
    ])
    let found = try InputFiles.expand([folder.file("train-*.npy")])
    #expect(found == ["train-1.npy", "train-02.npy", "train-2.npy", "train-10.npy"].map(folder.file))
  }

  @Test("Arguments keep their order, and a file named twice is read twice")
  func argumentOrder() throws {
    let folder = try folder(["a1", "a2", "b"])
    let found = try InputFiles.expand([folder.file("b"), folder.file("a?"), "-", folder.file("a1")])
    #expect(found == [folder.file("b"), folder.file("a1"), folder.file("a2"), "-", folder.file("a1")])
    #expect(try InputFiles.expand([]) == [])
  }

  @Test("Question marks and brackets are patterns")
  func patterns() throws {
    let folder = try folder(["a1", "a2", "a10", "ab"])
    #expect(try InputFiles.expand([folder.file("a?")]) == ["a1", "a2", "ab"].map(folder.file))
    #expect(try InputFiles.expand([folder.file("a[0-9]")]) == ["a1", "a2"].map(folder.file))
  }

  @Test("A name that exists is taken literally, whatever characters it has")
  func literal() throws {
    let folder = try folder(["a[1].npy", "a1.npy", "b*", "b2"])
    #expect(try InputFiles.expand([folder.file("a[1].npy")]) == [folder.file("a[1].npy")])
    #expect(try InputFiles.expand([folder.file("b*")]) == [folder.file("b*")])
    try FileManager.default.removeItem(atPath: folder.file("a[1].npy"))
    #expect(try InputFiles.expand([folder.file("a[1].npy")]) == [folder.file("a1.npy")])
  }

  @Test("A link to a file and a named pipe are inputs")
  func kinds() throws {
    let folder = try folder(["a1"])
    try FileManager.default.createSymbolicLink(atPath: folder.file("a4"), withDestinationPath: folder.file("a1"))
    let pipe = try folder.makePipe("a5")
    #expect(try InputFiles.expand([folder.file("a*")]) == [folder.file("a1"), folder.file("a4"), pipe])
    #expect(try InputFiles.expand([pipe]) == [pipe])
  }

  @Test("A missing name, a glob without matches and a directory are refused by name")
  func refused() throws {
    let folder = try folder(["a1"])
    for name in ["b", "b*", "a[2-9]", "["].map(folder.file) {
      expectError(.missing, file: name) { _ = try InputFiles.expand([folder.file("a1"), name]) }
    }
    expectError(.notAFile, file: folder.path) { _ = try InputFiles.expand([folder.path]) }
    expectError(.missing) { _ = try InputFiles.expand([""]) }
  }

  @Test("Standard input can be named once")
  func standardInput() throws {
    #expect(try InputFiles.expand(["-"]) == ["-"])
    expectError(.badReference, file: "-", mentioning: "once") { _ = try InputFiles.expand(["-", "-"]) }
  }

  @Test("Natural order is total: of two names exactly one comes first, even if they look the same")
  func order() {
    let names = ["a", "A", "a1", "a01", "a001", "a2", "a10", "b1", "a1b2", "a1b10", "", "1", "01", "é", "e\u{301}"]
    for (index, first) in names.enumerated() {
      #expect(!InputFiles.naturallyPrecedes(first, first))
      for second in names[(index + 1)...] {
        #expect(
          InputFiles.naturallyPrecedes(first, second) != InputFiles.naturallyPrecedes(second, first),
          "\(first), \(second)")
      }
    }
    #expect(InputFiles.naturallyPrecedes("a1b2", "a1b10") && InputFiles.naturallyPrecedes("a2", "a10"))
  }
}
