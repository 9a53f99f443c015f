import Storage

/// The classifier of a model whose user did not name a tensor: its output head, or the input embedding tied to it.
///
/// The head is the one matrix of floats that a head's name has (``TensorRole``). Without one, the input embedding is
/// taken, unless something says that it is not the classifier: another tensor of a head, `config.json`
/// (``TiedEmbeddings``), or other shards that may hold the head. Without either, it is the only matrix.
struct ModelHead {
  let tensor: SafetensorsFile.Tensor
  /// What it is, in words.
  let words: String

  /// Throws ``StreamError`` if there is no classifier, or if there may be another.
  init(_ file: SafetensorsFile) throws {
    let matrices = file.tensors.lazy.filter { $0.shape.count == 2 }
    let heads = Array(matrices.filter { TensorRole($0.name) == .head })
    let tied = try TiedEmbeddings(besides: file.name)
    if !heads.isEmpty {
      guard heads.count == 1, heads[0].type?.scalar != nil else { throw Self.noMatrix(heads, file) }
      tensor = heads[0]
      words = tied.says == true ? "the output head, stored although \(tied.words)" : "the output head"
      return
    }
    let embeddings = Array(matrices.filter { TensorRole($0.name) == .embedding })
    guard let embedding = embeddings.first else {
      let some = Array(matrices.prefix(2))
      guard some.count == 1 else { throw file.missing("lm_head.weight") }
      try Self.checkWhole(file, some[0], "the only matrix")
      (tensor, words) = (some[0], "the only matrix")
      return
    }
    guard embeddings.count == 1 else { throw Self.several(embeddings, file) }
    try Self.check(embedding, matrices, file, tied)
    tensor = embedding
    words = "the input embedding: " + (tied.says == true ? tied.words : "the file holds no output head")
  }

  /// Refuses the input embedding where it may not be the classifier.
  private static func check(
    _ embedding: SafetensorsFile.Tensor, _ matrices: some Sequence<SafetensorsFile.Tensor>, _ file: SafetensorsFile,
    _ tied: TiedEmbeddings
  ) throws {
    try checkWhole(file, embedding, "the input embedding")
    if let other = matrices.first(where: {
      ($0.shape == embedding.shape || $0.shape == embedding.shape.reversed()) && TensorRole.hintsAtHead($0.name)
    }) {
      throw several([embedding, other], file)
    }
    guard tied.says == false else { return }
    throw refused(
      file, expected: "an output head, because \(tied.words)",
      found: "only the input embedding, \(words(embedding))",
      advice: "name the file that holds the head, or name \(embedding.name) after # if the head is tied to it")
  }

  /// Refuses a tensor that is not called a head in one shard of several: another may hold the head.
  private static func checkWhole(_ file: SafetensorsFile, _ tensor: SafetensorsFile.Tensor, _ what: String) throws {
    guard let whole = try ModelShards.whole(of: file) else { return }
    throw refused(
      file, expected: "an output head", found: "one shard of several, with \(what), \(words(tensor))",
      advice: "name \(whole), which says where the head is, or name the tensor after #")
  }

  private static func noMatrix(_ heads: [SafetensorsFile.Tensor], _ file: SafetensorsFile) -> StreamError {
    let floats = heads.filter { $0.type?.scalar != nil }
    if floats.count > 1, floats.count == heads.count { return several(heads, file) }
    return refused(
      file, expected: "an output head that is one matrix of floats",
      found: heads.prefix(6).map(words).joined(separator: ", "),
      advice: "save the head as floats (dequantized, adapters merged), or name a matrix after #")
  }

  private static func several(_ tensors: [SafetensorsFile.Tensor], _ file: SafetensorsFile) -> StreamError {
    refused(
      file, expected: "one matrix that is the output head",
      found: "several: \(tensors.prefix(6).map(words).joined(separator: ", "))",
      advice: "name the head after #, as in \(file.name)#\(tensors[0].name)")
  }

  private static func words(_ tensor: SafetensorsFile.Tensor) -> String {
    "\(tensor.name) \(tensor.typeName) \(tensor.shape)"
  }

  private static func refused(
    _ file: SafetensorsFile, expected: String, found: String, advice: String
  ) -> StreamError {
    StreamError(.badReference, file: file.name, expected: expected, found: found, advice: advice)
  }
}
