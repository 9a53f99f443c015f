/// What a tensor of a model is, by its name.
enum TensorRole {
  /// The output head: its matrix, or one of the parts that quantization or adapters split it into.
  case head
  /// The input embedding.
  case embedding
  case other

  /// Names of modules that are output heads, wherever they are.
  private static let heads: Set<Substring> = ["lm_head", "embed_out", "unembed", "output_layer", "output_projection"]
  /// Names that are also used inside layers, so they count only outside of them and right before the parameter's name.
  private static let headsOutsideLayers: Set<Substring> = ["output", "head", "ff_out", "decoder"]
  private static let embeddings: Set<Substring> = [
    "embed_tokens", "wte", "embed_in", "word_embeddings", "tok_embeddings",
  ]
  /// Towers for other kinds of input have heads and embeddings of their own.
  private static let towers = ["vision", "visual", "image", "audio"]

  init(_ name: String) {
    let parts = name.split(separator: ".")
    let module = parts.dropLast().last ?? ""
    let isInLayer = parts.contains { $0.allSatisfy(\.isNumber) }
    if parts.contains(where: { part in Self.towers.contains { part.contains($0) } }) {
      self = .other
    } else if parts.contains(where: Self.heads.contains) || !isInLayer && Self.headsOutsideLayers.contains(module) {
      self = .head
    } else if !isInLayer, Self.embeddings.contains(module), parts.last == "weight" {
      self = .embedding
    } else {
      self = .other
    }
  }

  /// Whether a name speaks of a head in some other way.
  static func hintsAtHead(_ name: String) -> Bool {
    let lowercase = name.lowercased()
    return ["head", "unembed", "logit"].contains { lowercase.contains($0) }
      && !towers.contains { lowercase.contains($0) }
  }
}
