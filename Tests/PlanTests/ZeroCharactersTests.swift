import KindsForTests
import TestSupport
import Testing

@testable import Plan

@Suite("The character U+0000 in pipeline files and plans")
struct ZeroCharactersTests {
  private static let lines = [
    #"name: "p\0q""#, #"parameters: { out: "out\0x" }"#, #"parameters: { d: "x\0", out: out }"#,
    #"stages: { s: { uses: read, files: "a.npy\0b" }, m: { uses: accumulate, from: s, output: m.h5 } }"#,
    #"stages: { s: { uses: read, files: a.npy }, m: { uses: accumulate, from: s, output: "m.h5\0" } }"#,
    #"stages: { s: { uses: "read\0", files: a.npy }, m: { uses: accumulate, from: s, output: m.h5 } }"#,
  ]

  @Test("It is refused with its place, whatever has it", arguments: lines)
  func yaml(line: String) throws {
    let folder = try TemporaryFolder()
    let rest =
      line.hasPrefix("stages")
      ? "" : "\nstages: { s: { uses: read, files: a.npy }, m: { uses: accumulate, from: s, output: m.h5 } }"
    let file = try folder.write("p.yaml", text: line + rest + "\n")
    let error = try #require(throws: PipelineError.self) { _ = try StandardKinds.graph(file: file) }
    #expect(!error.isUsage && error.description.contains("U+0000"), "\(error)")
    #expect(!error.description.unicodeScalars.contains("\0"))
  }
}
