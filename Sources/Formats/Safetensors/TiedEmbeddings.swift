import Storage
import Support

/// What the `config.json` beside a model says of its output head: whether it is tied to the input embedding.
///
/// A model of text and images has the answer in the part for text. Without a `config.json`, or without an answer in it,
/// nothing is said. Two answers that differ count as untied, so that the user is asked.
struct TiedEmbeddings {
  /// Nil if it says nothing.
  let says: Bool?
  /// What it says, in words.
  let words: String

  private static let key = "tie_word_embeddings"
  private static let parts = ["text_config", "language_config", "llm_config"]
  /// Maximum size of the file, in bytes.
  private static let longest = 16 << 20

  /// The configuration that may lie beside a model.
  static func file(besides model: String) -> String {
    let folder = AtomicFile.folder(of: model)
    return folder == "." ? "config.json" : "\(folder)/config.json"
  }

  /// Throws ``StreamError`` if there is a `config.json` that cannot be read.
  ///
  /// - Parameter model: the file of the model.
  init(besides model: String) throws {
    let name = Self.file(besides: model)
    // A pipe of this name might never end.
    let json = try Trial.result {
      FileBytes.isOnce(name)
        ? nil : try JSONValue(parsing: WholeFile.bytes(name, limit: Self.longest, kind: "a configuration"))
    }
    let answers = ([json ?? nil] + Self.parts.map { json??[$0] }).compactMap { $0?[Self.key] }.compactMap { answer in
      if case .boolean(let flag) = answer { flag } else { nil }
    }
    says = answers.isEmpty ? nil : !answers.contains(false)
    words =
      Set(answers).count > 1
      ? "\(name) says both true and false for \(Self.key)" : "\(name) says \(Self.key): \(says == true)"
  }
}
