import TestSupport
import Testing

@testable import Formats
@testable import Storage

@Suite("Index of sharded safetensors")
struct SafetensorsIndexTests {
  private func folder(_ index: String) throws -> (folder: TemporaryFolder, index: String) {
    let folder = try TemporaryFolder()
    for (number, name) in ["a", "model.embed_tokens.weight"].enumerated() {
      let floats = NPY.bytes(of: (0..<6).map { Float($0 + 10 * number) })
      _ = try folder.write("\(number).safetensors", Safetensors.file([(name, "F32", [3, 2], floats)]))
    }
    return (folder, try folder.write("any.json", text: index))
  }

  private static let whole = """
    {"metadata": {}, "weight_map": {"model.embed_tokens.weight": "1.safetensors", "a": "0.safetensors"}}
    """

  @Test("The classifier is found in its shard; without a name, in its usual place")
  func classifier() throws {
    let (folder, index) = try folder(Self.whole)
    let file = try SafetensorsFile(index)
    #expect(file.tensors.map(\.name) == ["a", "model.embed_tokens.weight"])
    #expect(file.files == [folder.file("0.safetensors"), folder.file("1.safetensors")])
    #expect(try MatrixFile(TensorReference(index)).rows(of: [1])[row: 0].elementsEqual([12, 13]))
    #expect(try MatrixFile(TensorReference(index + "#a")).rows(of: [1])[row: 0].elementsEqual([2, 3]))
    expectError(.badReference, mentioning: "a [3, 2], model.embed_tokens.weight [3, 2]") {
      _ = try MatrixFile(TensorReference(index + "#lm_head.weight"))
    }
    #expect(Formats.files(of: index) == [index] + file.files && Formats.files(of: file.files[0]) == [file.files[0]])
  }

  @Test(
    "An invalid index, or one that names a tensor twice or a file elsewhere, is refused",
    arguments: [
      "{\"weight", "{\"weights\": {}}", "{\"weight_map\": []}", "{\"weight_map\": {\"a\": 1}}",
      "{\"weight_map\": {\"a\": \"../0.safetensors\"}}", "{\"weight_map\": {\"a\": \"\"}}",
      "{\"weight_map\": {\"a\": \"0.safetensors\", \"a\": \"0.safetensors\"}}",
    ])
  func malformed(text: String) throws {
    let (folder, index) = try folder(text)
    expectError(.unknownFormat, file: index) { _ = try SafetensorsFile(index) }
    withExtendedLifetime(folder) {}
  }

  @Test("A missing shard, or one without the tensor, is named")
  func missing() throws {
    let (folder, index) = try folder("{\"weight_map\": {\"b\": \"0.safetensors\"}}")
    expectError(.badReference, file: index, position: "“b”", mentioning: "0.safetensors") {
      _ = try SafetensorsFile(index)
    }
    let other = try folder.write("other.json", text: "{\"weight_map\": {\"b\": \"9.safetensors\"}}")
    expectError(.missing, file: folder.file("9.safetensors")) { _ = try SafetensorsFile(other) }
  }
}
