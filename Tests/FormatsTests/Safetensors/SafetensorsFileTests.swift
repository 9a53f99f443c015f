import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage

@Suite("Safetensors file")
struct SafetensorsFileTests {
  private let weights = (0..<6).map { Float($0) }

  private func open(_ bytes: [UInt8]) throws -> SafetensorsFile {
    let folder = try TemporaryFolder()
    return try SafetensorsFile(folder.write("a.safetensors", bytes))
  }

  @Test("The directory names tensors by name, type and shape, and carries metadata")
  func directory() throws {
    let bytes = NPY.bytes(of: weights)
    let file = try open(
      Safetensors.file(
        "{\"__metadata__\":{\"format\":\"pt\",\"é\":\"→\"}," + Safetensors.entry("w", "F32", [3, 2], 0, 24) + ","
          + Safetensors.entry("b", "I64", [], 24, 32) + "," + Safetensors.entry("none", "BF16", [0, 9], 32, 32) + "}  ",
        bytes + [1, 0, 0, 0, 0, 0, 0, 0]))
    #expect(file.tensors.map(\.name) == ["b", "none", "w"])
    #expect(file.tensors.map(\.typeName) == ["int64", "bfloat16", "float32"])
    #expect(file.tensors.map(\.shape) == [[], [0, 9], [3, 2]])
    #expect(file.metadata == ["format": "pt", "é": "→"])
  }

  @Test("A file without tensors is valid")
  func empty() throws {
    let file = try open(Safetensors.file("{}"))
    #expect(file.tensors.isEmpty && file.metadata.isEmpty)
  }

  @Test("Without a name, the output head is chosen, or the only matrix")
  func unnamed() throws {
    let one = try open(
      Safetensors.file([("head", "F32", [3, 2], NPY.bytes(of: weights)), ("bias", "F32", [6], NPY.bytes(of: weights))]))
    #expect(try one.tensor(named: nil).name == "head")
    #expect(try one.tensor(named: "bias").shape == [6])
    let bytes = NPY.bytes(of: weights)
    let two = try open(Safetensors.file([("a", "F32", [3, 2], bytes), ("lm_head.weight", "F32", [2, 3], bytes)]))
    #expect(try two.tensor(named: nil).name == "lm_head.weight")
  }

  @Test("A missing tensor is answered by the names of existing ones, at most a dozen")
  func missing() throws {
    let file = try open(
      Safetensors.file((1...14).map { ("t\($0)", "F32", [3, 2], NPY.bytes(of: weights)) }))
    let diagnosis = expectError(
      .badReference, mentioning: "“lm_head.weight”", "t1 [3, 2], t10 [3, 2]", "t7 [3, 2], …"
    ) { _ = try file.tensor(named: nil) }
    #expect(diagnosis?.advice.contains("t9") == false)
    expectError(.badReference, mentioning: "“x”") { _ = try file.tensor(named: "x") }
  }

  @Test("A wrong length is refused")
  func length() {
    let directory = "{" + Safetensors.entry("w", "F32", [3, 2], 0, 24) + "}"
    let bytes = NPY.bytes(of: weights)
    for length in [0, 5, UInt64(directory.utf8.count) - 1, UInt64(directory.utf8.count) + 25, 1 << 40, .max] {
      expectError(.unknownFormat) { _ = try open(Safetensors.file(directory, bytes, length: length)) }
    }
  }

  @Test("A file truncated at any byte is refused")
  func everyCut() throws {
    let whole = Safetensors.file([("w", "F32", [3, 2], NPY.bytes(of: weights))])
    let folder = try TemporaryFolder()
    for cut in 0..<whole.count {
      let path = try folder.write("cut", Array(whole[..<cut]))
      expectError(.unknownFormat, file: path) { _ = try SafetensorsFile(path) }
    }
  }

  @Test(
    "A directory that is not a JSON object of tensors is refused",
    arguments: [
      "", "[]", "null", "{", "{\"w\":1}", "{\"w\":{}}", "{\"w\":{\"dtype\":\"F32\",\"shape\":[3,2]}}",
      "{\"w\":{\"dtype\":4,\"shape\":[3,2],\"data_offsets\":[0,24]}}",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":\"3,2\",\"data_offsets\":[0,24]}}",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[3.5,2],\"data_offsets\":[0,24]}}",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24,24]}}",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0]}}", "\u{FF}",
    ])
  func malformed(directory: String) {
    expectError(.unknownFormat) { _ = try open(Safetensors.file(directory, NPY.bytes(of: weights))) }
  }

  @Test(
    "A tensor outside the file, or whose length contradicts its shape, is refused by name",
    arguments: [
      ([3, 2], 0, 25), ([3, 2], 1, 25), ([3, 2], 24, 48), ([3, 2], -24, 0), ([3, 2], 24, 0), ([3, 2], 0, 20),
      ([3, 3], 0, 24),
      ([-3, -2], 0, 24), ([3, 2, 0], 0, 24), ([1 << 40, 1 << 40], 0, 24), ([Int.max, 2], 0, 24), ([3, 2], 0, Int.max),
    ])
  func offsets(shape: [Int], start: Int, end: Int) {
    expectError(.unknownFormat, mentioning: "“w”") {
      _ = try open(Safetensors.file("{\(Safetensors.entry("w", "F32", shape, start, end))}", NPY.bytes(of: weights)))
    }
  }

  @Test("A duplicate name, of a tensor or within its entry, is refused, and so is endless nesting")
  func twice() {
    let entry = Safetensors.entry("w", "F32", [3, 2], 0, 24)
    let inner = "\"w\":{\"dtype\":\"F32\",\"shape\":[3,2],\"shape\":[2,3],\"data_offsets\":[0,24]}"
    for (directory, word) in [(entry + "," + entry, "“w” twice"), (inner, "“shape” twice")] {
      expectError(.unknownFormat, mentioning: word) {
        _ = try open(Safetensors.file("{\(directory)}", NPY.bytes(of: weights)))
      }
    }
    let nested = String(repeating: "{\"w\":", count: 100_000) + "1" + String(repeating: "}", count: 100_000)
    expectError(.unknownFormat) { _ = try open(Safetensors.file(nested)) }
  }

  @Test("Without a name, a tied input embedding replaces the output head")
  func tied() throws {
    let bytes = NPY.bytes(of: weights)
    for name in ["model.embed_tokens.weight", "transformer.wte.weight", "gpt_neox.embed_in.weight"] {
      let file = try open(Safetensors.file([("a", "F32", [3, 2], bytes), (name, "F32", [2, 3], bytes)]))
      #expect(try file.tensor(named: nil).name == name)
    }
  }

  @Test("Tensors that overlap are refused by name")
  func overlap() {
    let directory =
      "{\(Safetensors.entry("a", "F32", [2, 2], 0, 16)),\(Safetensors.entry("b", "F32", [2, 2], 8, 24))}"
    expectError(.unknownFormat, mentioning: "“b”") { _ = try open(Safetensors.file(directory, NPY.bytes(of: weights))) }
  }

  @Test(
    "A tensor of an unknown type is listed with that type, and only it is refused",
    arguments: ["F4", "F8_E8M0", "F8_E4M3", "C64", "Q4_0", "float32"])
  func unknownType(type: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "a.safetensors",
      Safetensors.file([
        ("blocks", type, [3, 2], [1, 2, 3]), ("lm_head.weight", "F32", [3, 2], NPY.bytes(of: weights)),
      ]))
    let file = try SafetensorsFile(path)
    #expect(file.tensors.map(\.typeName) == [type, "float32"])
    #expect(try MatrixFile(TensorReference(path)).rows(of: [1]) == Matrix(rows: 1, columns: 2, elements: [2, 3]))
    expectError(.badReference, mentioning: "a matrix of floats", "\(type) of shape [3, 2]") {
      _ = try MatrixFile(TensorReference("\(path)#blocks"))
    }
  }

  @Test("A tensor of an unknown type is refused if it is outside the file, overlaps another, or has no type name")
  func unknownTypeOutside() {
    for entry in [
      Safetensors.entry("w", "F4", [3, 2], 0, 25), Safetensors.entry("w", "", [3, 2], 0, 24),
      Safetensors.entry("a", "F32", [3, 2], 0, 24) + "," + Safetensors.entry("w", "F4", [3, 2], 20, 23),
    ] {
      expectError(.unknownFormat, mentioning: "“w”") {
        _ = try open(Safetensors.file("{\(entry)}", NPY.bytes(of: weights)))
      }
    }
  }

  @Test("JSON nested a hundred thousand deep is refused, not followed")
  func deep() {
    let directory = "{\"w\":" + String(repeating: "[", count: 100_000)
    expectError(.unknownFormat) { _ = try open(Safetensors.file(directory)) }
  }

  @Test("A missing file, a directory and a pipe are refused")
  func noFile() throws {
    let folder = try TemporaryFolder()
    expectError(.missing) { _ = try SafetensorsFile(folder.file("missing")) }
    expectError(.notAFile) { _ = try SafetensorsFile(folder.path) }
    let pipe = try folder.pipe("pipe", of: Safetensors.file("{}"))
    expectError(.unknownFormat, file: pipe, mentioning: "a pipe") { _ = try SafetensorsFile(pipe) }
  }
}
