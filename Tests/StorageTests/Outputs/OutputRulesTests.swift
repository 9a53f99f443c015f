import Foundation
import TestSupport
import Testing

@testable import Storage
@testable import Support

@Suite("What outputs may replace, and where they may lie")
struct OutputRulesTests {
  private let folder: TemporaryFolder
  private let rules = OutputRules()

  init() throws { folder = try TemporaryFolder() }

  private func admit(_ name: String, text: String? = nil, isOwn: Bool = false) throws -> Bool {
    try rules.admit(name, at: Files.resolved(folder.file(name)), text: text, isOwn: isOwn) != nil
  }

  private func refusal(_ name: String, text: String? = nil) -> String? {
    #expect(throws: ReplacementError.self) { _ = try admit(name, text: text) }?.diagnosis.description
  }

  @Test("Without rules any file is replaced; with them only empty ones, ours, and any if the user says so")
  func replacing() throws {
    try folder.write("a", text: "mine\n")
    try folder.write("b", text: "ours 1\n")
    try folder.write("c", [])
    #expect(try admit("a") && admit("b") && admit("c") && !admit("none"))
    rules.protect(except: [.text("ours ")])
    #expect(try admit("b") && admit("c") && !admit("none") && admit("a", isOwn: true))
    #expect(
      refusal("a")?.contains("a: expected no file, or one that collapse made, found text that starts with “mine”")
        == true)
    rules.note(folder.file("a"))
    #expect(try admit("a"))
    try folder.write("a", text: "mine again\n")
    #expect(refusal("a") != nil)
    rules.replaceAny()
    #expect(try admit("a"))
  }

  @Test("A CSV file whose columns are those of the new one is ours")
  func columns() throws {
    rules.protect(except: [])
    try folder.write("a.csv", text: "x,y\n1,2\n")
    try folder.write("b.txt", text: "x,y\n1,2\n")
    try folder.write("c.csv", text: "x\n1\n")
    #expect(try admit("a.csv", text: "x,y\n3,4\n"))
    for (name, text) in [("a.csv", "x,y,z\n"), ("a.csv", "x"), ("a.csv", "x,y"), ("b.txt", "x,y\n"), ("c.csv", "x\n")] {
      #expect(refusal(name, text: text) != nil, "\(name) \(text)")
    }
  }

  @Test("Inputs stay under every name and link, even if any other file may be replaced")
  func inputs() throws {
    rules.protect(except: [])
    rules.replaceAny()
    let input = try folder.write("in", text: "x")
    rules.protect(inputs: [input, "-"])
    #expect(symlink(input, folder.file("soft")) == 0 && link(input, folder.file("hard")) == 0)
    for name in ["in", "soft", "hard", "./in"] { #expect(refusal(name)?.contains("input") == true) }
  }

  @Test("Outputs stay in the folder, except files that the user named and private folders")
  func boundary() throws {
    rules.protect(except: [])
    for name in ["out", "private"] {
      try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
    }
    rules.confine(to: folder.file("out"), except: [folder.file("status")])
    rules.allow(privateFolder: folder.file("private"))
    #expect(symlink(folder.file("x"), folder.file("out/link")) == 0)
    #expect(try !admit("out/a") && !admit("status") && !admit("private/a") && !admit("out/none/b"))
    for name in ["a", "outside", "out/../a", "out/link", "status2"] {
      #expect(refusal(name)?.contains("--allow-outputs") == true, "\(name)")
    }
  }

  @Test("A message says what a foreign file looks like")
  func looks() throws {
    rules.protect(except: [])
    for (bytes, words) in [
      ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file"), ([0x93] + Array("NUMPY".utf8), "an NPY file"),
      ([0x7F] + Array("ELF".utf8), "a program"), ([0, 1, 2], "data that starts with"),
      (Array("token,é\n".utf8), "text that starts with “token,é”"), (Array("\u{1B}[31m".utf8), "data that starts with"),
    ] {
      try folder.write("a", bytes)
      #expect(refusal("a")?.contains("found \(words)") == true, "\(words)")
    }
  }
}
