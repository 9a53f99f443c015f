import Foundation
import TestSupport
import Testing

/// Promise: bad input is a clear error, for files and options that select and name classes.
@Suite("Wrong selections")
struct WrongSelectionTests {
  private let folder: TemporaryFolder
  private let state: String

  /// Classes 1, 2 and 3 with 3, 2 and 1 samples.
  init() throws {
    folder = try TemporaryFolder()
    state = folder.file("m.h5")
    let stream = try folder.write(
      "a.npy", NPY.batch([1, 2, 1, 3, 2, 1], (0..<12).map { Float($0 * $0 % 7) }, dimension: 2))
    _ = try Tool.collapse("accumulate", stream, "--output", state)
  }

  private func refused(
    _ arguments: String..., status: Int32 = 65, says words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let output = folder.file("m.json")
    let result = try Tool.run(
      Places.tool, ["measure", state, "--output", output, "--classes", folder.file("c.csv")] + arguments)
    #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
    for word in words + ["→"] {
      #expect(result.errors.contains(word), "\(result.errors)", sourceLocation: sourceLocation)
    }
    #expect(try !folder.names.contains("m.json") && !folder.names.contains("c.csv"), sourceLocation: sourceLocation)
  }

  @Test("Missing files")
  func missing() throws {
    for option in ["--tokens", "--tokenizer", "--ood"] {
      try refused(option, folder.file("none.txt"), says: "none.txt: expected a file")
    }
  }

  @Test("A line that is not a token, by file and line")
  func line() throws {
    try refused(
      "--tokens", folder.write("tokens.txt", text: "1\n2 # two\nthree\n"),
      says: "tokens.txt, line 3: expected a token id from 0 to 2147483647, found “three”")
  }

  @Test("An empty selection says what each condition left")
  func empty() throws {
    try refused(
      "--min-count", "2", "--max-count", "2", "--tokens", folder.write("tokens.txt", text: "1\n3\n8\n"),
      says: "m.h5: expected a class that meets every condition",
      "3 classes of 1 … 3 samples: 2 with at least 2, 2 with at most 2, 2 among the 3 tokens listed")
    try refused("--tokens", folder.write("none.txt", text: "# none\n"), says: "0 among the 0 tokens listed")
  }

  @Test("More bands than classes")
  func bands() throws {
    try refused("--bands", "4", says: "m.h5: expected at least as many classes", "3 classes for 4 bands")
  }

  @Test("An invalid tokenizer, by what it lacks")
  func tokenizer() throws {
    try refused("--tokenizer", folder.write("t.json", text: "{\"model\": {}}"), says: "t.json: expected model.vocab")
    try refused("--tokenizer", folder.write("t.json", text: "{\"model\": "), says: "t.json, byte 10: expected JSON")
    try refused("--tokenizer", state, says: "m.h5, byte 0: expected JSON")
  }

  @Test("An out-of-distribution state with another dimension, or a file that is not a state")
  func outOfDistribution() throws {
    let stream = try folder.write("b.npy", NPY.batch([1, 1], [1, 2, 3, 4, 5, 6], dimension: 3))
    _ = try Tool.collapse("accumulate", stream, "--output", folder.file("b.h5"))
    try refused(
      "--ood", folder.file("b.h5"), says: "b.h5: expected out-of-distribution features of dimension 2", "found 3")
    try refused("--ood", stream, says: "b.npy", "expected an HDF5 file")
  }

  @Test("Contradictory options are wrong usage, and named by line in a pipeline file")
  func usage() throws {
    try refused("--types", status: 64, says: "types needs tokenizer")
    try refused(
      "--min-count", "3", "--max-count", "2", status: 64, says: "expected a max-count of at least min-count (3)")
    try refused("--bands", "0", status: 64, says: "expected a whole number of at least 1 for bands")
    let path = try folder.write(
      "p.yaml", text: "stages:\n  g: { uses: measure, moments: \"\(state)\", types: true }\n")
    let result = try Tool.collapse("validate", path)
    #expect(result.status == 65)
    #expect(result.errors.contains("p.yaml:2:"))
    #expect(result.errors.contains("add tokenizer: tokenizer.json"))
  }

  @Test("An output that is also an input is refused")
  func overwritten() throws {
    let list = try folder.write("tokens.txt", text: "1\n2\n")
    let result = try Tool.collapse("measure", state, "--tokens", list, "--classes", list)
    #expect(result.status == 64)
    #expect(result.errors.contains("which it reads"))
    #expect(try folder.read("tokens.txt") == Array("1\n2\n".utf8))
  }

  @Test("A list from a process substitution is read once")
  func substitution() throws {
    let line = "'\(Places.tool)' measure '\(state)' --tokens <(printf '1\\n2\\n')"
    let result = try Tool.run("bash", ["-c", line])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Golden.numbers(result.output)["classes"] == 2)
  }
}
