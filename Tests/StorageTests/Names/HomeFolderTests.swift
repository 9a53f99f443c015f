import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("Home folder")
struct HomeFolderTests {
  @Test(
    "Only ~ and ~/ at the start of a path are expanded",
    arguments: [
      ("~", "/h"), ("~/x", "/h/x"), ("~/", "/h/"), ("~ana/x", "~ana/x"), ("a/~/x", "a/~/x"), ("./~/x", "./~/x"),
      ("$HOME/x", "$HOME/x"), ("", ""), ("-", "-"), ("~/a*.h5#b", "/h/a*.h5#b"),
    ])
  func expanded(path: String, result: String) { #expect(HomeFolder.expand(path, home: "/h") == result) }

  @Test("Without HOME nothing is expanded")
  func none() {
    #expect(HomeFolder.expand("~/x", home: nil) == "~/x" && HomeFolder.expand("~/x", home: "") == "~/x")
  }

  @Test("Advice names what is literal")
  func advice() {
    #expect(HomeFolder.advice(for: "$SCRATCH/x")?.contains("$SCRATCH is literal") == true)
    #expect(HomeFolder.advice(for: "a/${X}/b")?.contains("${X} is literal") == true)
    #expect(HomeFolder.advice(for: "~ana/x")?.contains("only ~/") == true)
    for path in ["a/b", "a$", "5$ each", "$1"] { #expect(HomeFolder.advice(for: path) == nil, "\(path)") }
  }

  @Test("No folder is made whose name was meant to be expanded; one that exists is used")
  func folders() throws {
    let folder = try TemporaryFolder()
    for name in ["$SCRATCH", "new/$SCRATCH/x", "${X}/y"] {
      expectError(.cannotWrite, file: folder.file(name), mentioning: "is literal") {
        try AtomicFile.makeFolder(folder.file(name))
      }
    }
    #expect(try folder.names.isEmpty)
    expectError(.cannotWrite, mentioning: "only ~/") { try AtomicFile.makeFolder("~nobody-of-that-name/x") }
    try FileManager.default.createDirectory(atPath: folder.file("$SCRATCH"), withIntermediateDirectories: false)
    try AtomicFile.makeFolder(folder.file("$SCRATCH/x"))
    #expect(Files.isFolder(folder.file("$SCRATCH/x")))
    expectError(.missing, mentioning: "$DATA is literal") { _ = try InputFiles.expand([folder.file("$DATA/*.npy")]) }
    expectError(.missing, mentioning: "$DATA is literal") { _ = try InputFiles.expand([folder.file("$DATA/a.npy")]) }
    expectError(.cannotWrite, mentioning: "$OUT is literal") { try AtomicFile.check(folder.file("$OUT/a.npy")) }
  }
}
