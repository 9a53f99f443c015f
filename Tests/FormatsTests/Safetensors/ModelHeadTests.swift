import Storage
import TestSupport
import Testing

@testable import Formats

@Suite("The output head of a model")
struct ModelHeadTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of tensors [4, 2] of floats, unless a type and a shape are given after the name.
  private func model(
    _ tensors: [(String, String, [Int])], _ name: String = "model.safetensors"
  ) throws -> SafetensorsFile {
    let widths = ["F32": 4, "I32": 4, "U8": 1, "F8_E4M3": 1]
    return try SafetensorsFile(
      folder.write(
        name,
        Safetensors.file(
          tensors.map { tensor in
            let count = tensor.2.reduce(widths[tensor.1] ?? 1, *)
            return (tensor.0, tensor.1, tensor.2, [UInt8](repeating: 0, count: count))
          })))
  }

  private func floats(_ names: String...) -> [(String, String, [Int])] { names.map { ($0, "F32", [4, 2]) } }

  private func head(_ tensors: [(String, String, [Int])]) throws -> (name: String, words: String) {
    let head = try ModelHead(model(tensors))
    return (head.tensor.name, head.words)
  }

  private static let embedding = "model.embed_tokens.weight"

  @Test(
    "A head under any of its names is taken, never the input embedding",
    arguments: [
      "lm_head.weight", "language_model.lm_head.weight", "embed_out.weight", "embed_out", "output.weight",
      "transformer.output_layer.weight", "model.transformer.ff_out.weight", "lm_head.linear.weight", "head.weight",
    ])
  func heads(name: String) throws {
    let layers = floats("model.layers.0.output.weight", "blocks.3.ff_out.weight", "vision_tower.head.weight")
    #expect(try head(floats(Self.embedding, name) + layers) == (name, "the output head"))
    #expect(try head(floats(Self.embedding, name) + [("lm_head.bias", "F32", [4])]).name == name)
  }

  @Test("A head that is no matrix of floats is refused, even if there is an input embedding")
  func quantized() throws {
    for parts in [
      [("lm_head.qweight", "I32", [1, 4]), ("lm_head.scales", "F32", [1, 4])], [("lm_head.weight", "F8_E4M3", [4, 2])],
      [("output.qweight", "U8", [4, 2])], [("embed_out.weight", "U8", [4, 2])],
    ] as [[(String, String, [Int])]] {
      expectError(.badReference, file: folder.file("model.safetensors"), mentioning: parts[0].0, "floats") {
        _ = try head(floats(Self.embedding) + parts)
      }
    }
    expectError(.badReference, mentioning: "several", "lm_head.lora_A.weight") {
      _ = try head(floats(Self.embedding, "lm_head.base_layer.weight", "lm_head.lora_A.weight"))
    }
    expectError(.badReference, mentioning: "several", "lm_heads.1.weight") {
      _ = try head(floats(Self.embedding, "lm_heads.1.weight"))
    }
  }

  @Test(
    "Without a head, the input embedding is taken, and that is said",
    arguments: [
      "model.embed_tokens.weight", "transformer.wte.weight", "language_model.model.embed_tokens.weight", "wte.weight",
    ])
  func embeddings(name: String) throws {
    let others: [(String, String, [Int])] = [("model.layers.0.mlp.up_proj.weight", "F32", [8, 2]), ("b", "F32", [2])]
    #expect(try head(floats(name) + others) == (name, "the input embedding: the file holds no output head"))
    #expect(try head(floats(name)) == (name, "the input embedding: the file holds no output head"))
  }

  @Test(
    "config.json beside it decides whether the embedding is tied, in the part for text too",
    arguments: [
      ("{\"tie_word_embeddings\": true}", true), ("{\"tie_word_embeddings\": false}", false),
      ("{\"text_config\": {\"tie_word_embeddings\": true}}", true),
      ("{\"text_config\": {\"tie_word_embeddings\": false}}", false), ("{\"hidden_size\": 2}", nil), ("{", nil),
      ("{\"tie_word_embeddings\": true, \"text_config\": {\"tie_word_embeddings\": false}}", false),
      ("{\"tie_word_embeddings\": \"no\"}", nil),
    ] as [(String, Bool?)])
  func tied(config: String, says: Bool?) throws {
    try folder.write("config.json", text: config)
    if says == false {
      expectError(.badReference, mentioning: "tie_word_embeddings", Self.embedding, "config.json") {
        _ = try head(floats(Self.embedding))
      }
    } else {
      let words = try head(floats(Self.embedding)).words
      #expect(words.contains("config.json says tie_word_embeddings: true") == (says == true), "\(words)")
      #expect(words.hasPrefix("the input embedding"))
    }
    let stored = try head(floats(Self.embedding, "lm_head.weight"))
    #expect(stored.name == "lm_head.weight" && stored.words.contains("stored although") == (says == true))
  }

  @Test("In one shard of several, only a head is taken: by the shard's name, or by an index beside it")
  func shards() throws {
    let shard = "model-00001-of-00002.safetensors"
    expectError(.badReference, mentioning: "one shard of several", "model.safetensors.index.json") {
      _ = try ModelHead(model(floats(Self.embedding), shard))
    }
    expectError(.badReference, mentioning: "the only matrix, w") { _ = try ModelHead(model(floats("w"), shard)) }
    #expect(
      try ModelHead(model(floats("lm_head.weight"), "model-00002-of-00002.safetensors")).tensor.name == "lm_head.weight"
    )
    #expect(
      try ModelHead(model(floats(Self.embedding), "model-00001-of-00001.safetensors")).tensor.name == Self.embedding)
    try folder.write(
      "x.safetensors.index.json",
      text: "{\"weight_map\": {\"\(Self.embedding)\": \"a.safetensors\", \"lm_head.weight\": \"b.safetensors\"}}")
    expectError(.badReference, mentioning: folder.file("x.safetensors.index.json")) {
      _ = try ModelHead(model(floats(Self.embedding), "a.safetensors"))
    }
    #expect(try ModelHead(model(floats(Self.embedding), "c.safetensors")).tensor.name == Self.embedding)
    _ = try model(floats("lm_head.weight"), "b.safetensors")
    let whole = try ModelHead(SafetensorsFile(folder.file("x.safetensors.index.json")))
    #expect(whole.tensor.file == folder.file("b.safetensors") && whole.words == "the output head")
  }

  @Test("Another matrix of the same shape whose name speaks of a head is a question")
  func hints() {
    expectError(.badReference, mentioning: "several", "W_U_unembedding", "#\(Self.embedding)") {
      _ = try head(floats(Self.embedding) + [("W_U_unembedding", "F32", [2, 4])])
    }
  }

  @Test("A named tensor is taken as it is named, and an input embedding is called so")
  func named() throws {
    _ = try model(floats(Self.embedding, "lm_head.weight"))
    let path = folder.file("model.safetensors")
    #expect(
      try MatrixFile(TensorReference("\(path)#\(Self.embedding)")).choice
        == "\(path)#\(Self.embedding) [4 × 2] float32, the input embedding, by its name")
    #expect(
      try MatrixFile(TensorReference("\(path)#lm_head.weight")).choice == "\(path)#lm_head.weight [4 × 2] float32")
    #expect(try MatrixFile(TensorReference(path)).choice == "\(path)#lm_head.weight [4 × 2] float32, the output head")
  }

  @Test("A bias without a name is the head's, or the only vector")
  func bias() throws {
    let tensors: [(String, String, [Int])] = [("lm_head.bias", "F32", [4]), ("norm.bias", "F32", [2])]
    let file = try model(floats("lm_head.weight") + tensors).name
    #expect(
      try MatrixFile(TensorReference(file), .column).choice == "\(file)#lm_head.bias [4] float32, the head's bias")
    let two = try model([("a.bias", "F32", [4]), ("norm.bias", "F32", [2])]).name
    expectError(.badReference, mentioning: "lm_head.bias") { _ = try MatrixFile(TensorReference(two), .column) }
  }
}
