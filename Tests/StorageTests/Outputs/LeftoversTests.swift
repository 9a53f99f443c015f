import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("What killed runs left")
struct LeftoversTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var names: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test("The temporary files of an output, its lock, its checkpoint and its record are removed, and nothing else")
  func temporary() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file(".collapse"), withIntermediateDirectories: false)
    let kept = [
      ".collapse", ".collapse/o.npy.json", ".o.npy.checkpoint", ".o.npy.lock", "o.npy",
      OutputFiles.temporary(for: "o.npy.zst"), OutputFiles.temporary(for: "no.npy"),
      ".collapse/\(OutputFiles.temporary(for: "o.npy.zst.json"))", ".o.npy.mine.partial",
    ]
    for name in kept where name != ".collapse" { try folder.write(name, text: "x") }
    for file in ["o.npy", ".o.npy.lock", ".o.npy.checkpoint"] {
      try folder.write(OutputFiles.temporary(for: file), text: "x")
    }
    try folder.write(".collapse/\(OutputFiles.temporary(for: "o.npy.json"))", text: "x")
    Leftovers.remove(of: [folder.file("o.npy")])
    #expect(try names == kept.sorted())
    Leftovers.removeAll(of: [folder.file("o.npy")])
    #expect(try names == kept.filter { $0 != ".o.npy.checkpoint" }.sorted())
  }

  @Test("A checkpoint's temporary file of an earlier release is removed")
  func earlier() throws {
    try folder.write("..moments.h5.checkpoint.3w5e11264sgsf.partial", text: "x")
    try folder.write("..moments.h5.checkpoint.1y2p0ij32e8e.partial", text: "x")
    Leftovers.remove(of: [folder.file("moments.h5")])
    #expect(try names.isEmpty)
  }

  @Test("A temporary folder beside its output is removed with what is in it; a link's target stays")
  func folders() throws {
    let made = try TemporaryFile.folder(in: folder.path, for: folder.file("m.h5"))
    try Data("x".utf8).write(to: URL(fileURLWithPath: made + "/0-4.h5"))
    let target = try folder.write("target", text: "x")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(OutputFiles.temporary(for: "m.h5")), withDestinationPath: target)
    Leftovers.remove(of: [folder.file("o.h5")])
    #expect(try names.count == 4)
    Leftovers.remove(of: [folder.file("m.h5")])
    #expect(try names == ["target"])
  }

  @Test("A temporary folder elsewhere belongs to its process")
  func elsewhere() throws {
    let other = try TemporaryFolder()
    let made = try TemporaryFile.folder(in: other.path, for: folder.file("m.h5"))
    #expect(made.hasPrefix(other.file("collapse-\(ProcessIdentity.current.tag)-")))
  }

  @Test("Temporary files of an output in another folder are found by the output's name")
  func otherFolder() throws {
    let figures = try TemporaryFolder()
    let page = folder.file("report.html")
    _ = try AtomicFile.begin(figures.file("norm.svg"), for: page, text: "<svg/>")
    try AtomicFile.begin(figures.file("norm.csv"), for: page, text: "x").commit()
    #expect(try figures.names.count == 2)
    Leftovers.remove(of: folder.file("other.html"), in: figures.path)
    #expect(try figures.names.count == 2)
    Leftovers.remove(of: page, in: figures.path)
    #expect(try figures.names == ["norm.csv"])
  }

  @Test("A lock of this process that another one has moved aside stays, to be put back")
  func ownLock() throws {
    let aside = OutputFiles.temporary(for: ".m.h5.lock")
    try folder.write(aside, LockRecord(run: "first").bytes)
    Leftovers.remove(of: [folder.file("m.h5")])
    #expect(try names == [aside])
  }
}
