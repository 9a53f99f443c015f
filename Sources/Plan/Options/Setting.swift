import Storage

/// One option, declared once: name, help, type, and where its value is kept.
///
/// From it derive decoding, the ``Settings/fingerprint``, the schema, and the verb's flag, help and completion.
package struct Setting<Root>: Sendable {
  /// Its description; a group of options has several.
  let specs: [OptionSpec]
  /// Decodes and stores its value.
  let decode: @Sendable (inout Root, inout OptionDecoder) -> Void
  /// The parts of its value that affect the result, by option.
  let fingerprint: @Sendable (Root) -> [String: String]
  /// Files its value names.
  let files: @Sendable (Root) -> [NamedFile]

  /// An option whose value is kept at `path`. The initial value there is the default.
  ///
  /// - Parameters:
  ///   - type: the values it takes.
  ///   - required: whether a pipeline file must give it.
  ///   - changesResult: whether its value affects the result; by default decided by its type.
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
    fingerprint = { root in spec.fingerprint(of: root[keyPath: path]).map { [name: $0] } ?? [:] }
    files = { root in spec.files(of: root[keyPath: path]) }
  }

  /// Options that several kinds share, kept at `path`.
  package init<Part: Settings>(group path: WritableKeyPath<Root, Part> & Sendable) {
    specs = Part.options
    decode = { root, decoder in root[keyPath: path] = Part(decoding: &decoder) }
    fingerprint = { root in root[keyPath: path].fingerprint }
    files = { root in root[keyPath: path].namedFiles }
  }

  /// A reference to stages or files, resolved by the graph.
  package init(
    _ name: String, _ help: String, refersTo product: Product, orFile: Bool = true, required: Bool = false,
    list: Bool = false, verb: VerbForm = .same
  ) {
    specs = [
      OptionSpec(
        name, help, .reference(product, orFile: orFile), required: required, list: list, gathers: list, verb: verb)
    ]
    decode = { _, _ in }
    fingerprint = { _ in [:] }
    files = { _ in [] }
  }
}

/// A file that an option names.
package struct NamedFile: Sendable {
  let type: OptionType
  let file: Located<String>
}

extension OptionSpec {
  /// The part of a value that affects the result; nil if none does.
  fileprivate func fingerprint(of value: some OptionValue) -> String? {
    guard changesResult else { return nil }
    guard type == .array else { return value.fingerprint }
    // The array's name counts; its file counts by content.
    let names = value.files.map { TensorReference($0.value).tensor ?? "" }
    return names.isEmpty ? nil : names.joined(separator: ",")
  }

  fileprivate func files(of value: some OptionValue) -> [NamedFile] {
    value.files.map { text in
      NamedFile(
        type: type, file: type == .array ? Located(TensorReference(text.value).file, text.place) : text)
    }
  }
}
