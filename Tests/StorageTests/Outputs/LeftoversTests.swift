import Foundation
import Support
import SystemPackage
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
    Leftovers.remove(of: [OutputFiles(folder.file("o.npy"))])
    #expect(try names == kept.sorted())
    Leftovers.removeAll(of: [OutputFiles(folder.file("o.npy"))])
    #expect(try names == kept.filter { $0 != ".o.npy.checkpoint" }.sorted())
  }

  @Test("A checkpoint's temporary file of an earlier release is removed")
  func earlier() throws {
    try folder.write("..moments.h5.checkpoint.3w5e11264sgsf.partial", text: "x")
    try folder.write("..moments.h5.checkpoint.1y2p0ij32e8e.partial", text: "x")
    Leftovers.remove(of: [OutputFiles(folder.file("moments.h5"))])
    #expect(try names.isEmpty)
  }

  @Test("A temporary folder beside its output is removed with what is in it; a link's target stays")
  func folders() throws {
    let made = try TemporaryFile.folder(in: folder.path, for: folder.file("m.h5"))
    try Data("x".utf8).write(to: URL(fileURLWithPath: made + "/0-4.h5"))
    let target = try folder.write("target", text: "x")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(OutputFiles.temporary(for: "m.h5")), withDestinationPath: target)
    Leftovers.remove(of: [OutputFiles(folder.file("o.h5"))])
    #expect(try names.count == 4)
    Leftovers.remove(of: [OutputFiles(folder.file("m.h5"))])
    #expect(try names == ["target"])
  }

  @Test("A temporary folder elsewhere belongs to its process")
  func elsewhere() throws {
    let other = try TemporaryFolder()
    let made = try TemporaryFile.folder(in: other.path, for: folder.file("m.h5"))
    #expect(made.hasPrefix(other.file("collapse-\(ProcessIdentity.current.tag)-")))
  }

  @Test("Temporary files of figures belong to their folder, whichever page they are for, and to no output there")
  func figures() throws {
    let page = try AtomicFile.begin(folder.file("report.html"), text: "x")
    _ = try AtomicFile.begin(folder.file("norm.svg"), as: OutputFiles.figures, text: "<svg/>")
    try AtomicFile.begin(folder.file("norm.csv"), as: OutputFiles.figures, text: "x").commit()
    Leftovers.remove(of: [OutputFiles(folder.file("norm.svg")), OutputFiles(folder.file("figures"))])
    #expect(try names.count == 3)
    Leftovers.removeAll(of: [OutputFiles(figuresIn: folder.path)])
    #expect(try names == [Files.name(of: page.temporary), "norm.csv"])
  }

  /// Names that are easily mistaken for each other.
  private static let odd: [String] = {
    let hidden = [
      "o", "o.lock", "o.checkpoint", "o.checkpoint.previous", ".o", ".o.npy", "lock", "checkpoint", "partial",
    ]
    let dots = ["o.npy", "o.npy.zst", "o..npy", "o.", "o..", "...", "..o", "o.npy.", "o .npy", " o", "o\n", "o\\", "~"]
    let tokens = [
      "o.0123456789abc", "o.0123456789abc.partial", "0123456789abc", "o.0123456789", ".o.partial", "o.json",
    ]
    // Equal to Unicode, and joined by Swift to the dot or slash before them.
    let scalars = ["\u{E9}", "e\u{301}", "\u{301}o", "o\u{301}", "\u{212B}", "\u{C5}", "A\u{30A}", "o.npy\u{301}"]
    let bytes = [[0xFF], [0xC3], [0x6F, 0xFF], [0xCC]].map { FileName.text($0 as [UInt8]) }
    let long = [180, 181, 187, 188, 220, 254, 255].map { String(repeating: "n", count: $0) }
    let near = ["a", "b", "\u{E9}", "e\u{301}"].map { String(repeating: "n", count: 240) + $0 }
    return hidden + dots + tokens + scalars + bytes + long + near
      + long.map { Files.name(of: OutputFiles("/" + $0).lock) }
      .map { String($0.dropFirst().dropLast(".lock".count)) }
  }()

  /// All hidden files of an output, and temporary files for each of them.
  private func leave(_ output: String) throws -> Set<[UInt8]> {
    let files = OutputFiles(output)
    var left = [files.lock, files.checkpoint, files.previousCheckpoint, files.record]
    for file in [output, files.lock, files.checkpoint, files.record] {
      left += (0..<2).map { _ in OutputFiles.temporary(beside: file) }
    }
    for file in left {
      try FileDescriptor.open(FilePath(named: file), .writeOnly, options: .create, permissions: .ownerReadWrite).close()
    }
    return Set(left.map { Array($0.utf8) })
  }

  @Test("What belongs to one output belongs to no other, however odd their names")
  func exact() throws {
    try AtomicFile.makeFolder(folder.file(".collapse"))
    var seen: Set<[UInt8]> = []
    let outputs = Self.odd.filter { seen.insert(Array($0.utf8)).inserted }.map(folder.file).filter {
      (try? OutputFiles.check($0)) != nil
    }
    #expect(outputs.count > 45)
    var own: [[UInt8]: Set<[UInt8]>] = [:]
    for output in outputs { own[Array(output.utf8)] = try leave(output) }
    func left() throws -> Set<[UInt8]> {
      var all: Set<[UInt8]> = []
      for part in [folder.path, folder.file(".collapse")] {
        all.formUnion(try Files.names(in: part).map { Array((part + "/" + $0).utf8) })
      }
      return all.subtracting([Array(folder.file(".collapse").utf8)])
    }
    #expect(try left().count == own.values.map(\.count).reduce(0, +))
    for output in outputs {
      let before = try left()
      let files = OutputFiles(output)
      Leftovers.removeAll(of: [files])
      let stays = Set([files.lock, files.record].map { Array($0.utf8) })
      #expect(try before.subtracting(left()) == (own[Array(output.utf8)] ?? []).subtracting(stays), "\(output)")
    }
    #expect(try left().count == 2 * outputs.count)
  }
}
