import Storage

/// One option, declared once: its name, what it is for, what may be given, and where its value is kept.
///
/// Decoding, the ``Settings/recipe``, the schema, the flag of the verb, its help and its completion come from it.
package struct Setting<Root>: Sendable {
  /// What is told of it; a group of options has several.
  let specs: [OptionSpec]
  /// Keeps what was given for it.
  let decode: @Sendable (inout Root, inout OptionDecoder) -> Void
  /// What of its value decides the result, by option.
  let recipe: @Sendable (Root) -> [String: String]
  /// The files that its value names.
  let files: @Sendable (Root) -> [NamedFile]

  /// An option whose value is kept at `path`; what is there before is its default.
  ///
  /// - Parameters:
  ///   - type: what may be given.
  ///   - required: whether a pipeline file must have it.
  ///   - changesResult: whether another value gives another result; by default as its type has it.
  ///   - verb: how the stage kind's verb takes it.
  package init<Value: OptionValue>(
    _ path: WritableKeyPath<Root, Value> & Sendable, _ name: String, _ help: String,
    _ type: OptionType = Value.optionType, required: Bool = false, changesResult: Bool? = nil, verb: VerbForm = .same
  ) {
    let spec = OptionSpec(
      name, help, type, required: required, list: Value.isList, changesResult: changesResult, verb: verb)
    specs = [spec]
    decode = { root, decoder in
      let texts = decoder.list(name)
      if !texts.isEmpty, let value = Value.decode(texts, spec, &decoder) { root[keyPath: path] = value }
    }
    recipe = { root in spec.fingerprint(of: root[keyPath: path]).map { [name: $0] } ?? [:] }
    files = { root in spec.files(of: root[keyPath: path]) }
  }

  /// Options that several kinds share, kept at `path`.
  package init<Part: Settings>(group path: WritableKeyPath<Root, Part> & Sendable) {
    specs = Part.options
    decode = { root, decoder in root[keyPath: path] = Part(decoding: &decoder) }
    recipe = { root in root[keyPath: path].recipe }
    files = { root in root[keyPath: path].namedFiles }
  }

  /// A reference to stages or files that the graph resolves.
  package init(
    _ name: String, _ help: String, refersTo product: Product, orFile: Bool = true, required: Bool = false,
    list: Bool = false, verb: VerbForm = .same
  ) {
    specs = [
      OptionSpec(name, help, .reference(product, orFile: orFile), required: required, list: list, verb: verb)
    ]
    decode = { _, _ in }
    recipe = { _ in [:] }
    files = { _ in [] }
  }
}

/// A file that an option names.
package struct NamedFile: Sendable {
  let type: OptionType
  let file: Located<String>

  init(_ type: OptionType, _ file: Located<String>) {
    (self.type, self.file) = (type, file)
  }
}

extension OptionSpec {
  /// What of a value decides the result; nil where nothing does.
  fileprivate func fingerprint(of value: some OptionValue) -> String? {
    guard changesResult else { return nil }
    guard type == .array else { return value.fingerprint }
    // What an array is called counts, not what its file is.
    let names = value.files.map { TensorReference($0.value).tensor ?? "" }
    return names.isEmpty ? nil : names.joined(separator: ",")
  }

  fileprivate func files(of value: some OptionValue) -> [NamedFile] {
    value.files.map { text in
      NamedFile(type, type == .array ? Located(TensorReference(text.value).file, text.place) : text)
    }
  }
}
