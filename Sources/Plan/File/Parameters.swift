import Support

/// The parameters of a pipeline file, overridden by `--set`, and the substitution of `${name}`.
struct Parameters {
  /// Final values, after `--set` and substitution.
  private(set) var values: [String: Located<String>] = [:]
  private(set) var problems: [Problem] = []
  /// Values as written, before substitution.
  private var written: [String: Located<String>] = [:]
  /// Parameters with a problem that is already reported.
  private var broken: Set<String> = []
  /// Longest value in bytes after substitution: room for some lines of names, but not enough to exhaust memory.
  private static let longestValue = 1 << 16
  /// Longest chain of parameters that refer to each other.
  private static let longestChain = 100
  /// Values given by `--set`.
  private var overrides: [String: String] = [:]

  /// - Parameter settings: `key=value` texts.
  init(settings: [String]) {
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if parts.count == 2 {
        overrides[parts[0]] = parts[1]
      } else {
        problems.append(
          .option("--set"), "expected key=value, found “\(setting)”", advice: "write --set \(setting)=VALUE")
      }
    }
  }

  private var names: [String] { Set(values.keys).union(written.keys).union(broken).sorted() }

  func contains(_ name: String) -> Bool { values[name] != nil || written[name] != nil || broken.contains(name) }

  /// Declares the parameters of the file. Nil stands for a value that could not be read, which is already reported.
  mutating func declare(_ members: [(name: String, value: Located<String>?)]) {
    for (name, value) in members {
      if let override = overrides[name] {
        values[name] = Located(override, .option("--set"))
      } else if let value {
        written[name] = value
      } else {
        broken.insert(name)
      }
    }
    for (name, text) in written.sorted(by: { $0.value.place.precedes($1.value.place) }) {
      _ = value(of: name, text.place, [])
    }
  }

  /// Reports settings for parameters that the file does not declare.
  mutating func checkOverrides() {
    for name in overrides.keys.sorted() where values[name] == nil {
      problems.append(
        .option("--set"), "the pipeline has no parameter “\(name)”",
        advice: Spelling.advice(for: name, among: names, after: problems.count))
    }
  }

  /// Advice for the name of a variable of the environment, which a pipeline file does not see.
  private static func advice(forVariable name: String) -> String? {
    guard !name.utf8.contains(0), getenv(name) != nil else { return nil }
    return "declare \(name) under parameters:, and pass the variable with --set \(name)=\"$\(name)\""
  }

  /// A parameter's value after substitution, wherever the parameters it uses are declared. Returns nil and reports a
  /// problem if it has no value.
  ///
  /// `path` holds the parameters being resolved.
  private mutating func value(of name: String, _ place: SourcePosition, _ path: [String]) -> String? {
    if let value = values[name] { return value.value }
    if broken.contains(name) { return nil }
    guard let text = written[name] else {
      problems.append(
        place, "unknown parameter “\(name)”",
        advice: Self.advice(forVariable: name) ?? Spelling.advice(for: name, among: names, after: problems.count))
      return nil
    }
    if let start = path.firstIndex(of: name) {
      let cycle = (path[start...] + [name]).map { "“\($0)”" }.joined(separator: " → ")
      problems.append(place, "a cycle of parameters: \(cycle)", advice: "break the cycle")
      return nil
    }
    guard path.count < Self.longestChain else {
      problems.append(
        place, "a chain of more than \(Self.longestChain) parameters, including “\(name)”",
        advice: "write out some of their values")
      broken.insert(name)
      return nil
    }
    let value = substitute(text) { parameters, inner in
      parameters.value(of: inner, text.place, path + [name])
    }
    guard let value else {
      broken.insert(name)
      return nil
    }
    values[name] = Located(value, text.place)
    return value
  }

  /// Replaces each `${name}` in a text. Returns nil and reports problems if that fails.
  ///
  /// - Parameter variables: values of a matrix, which take precedence over parameters.
  mutating func substitute(_ text: Located<String>, _ variables: MatrixVariables = MatrixVariables()) -> String? {
    substitute(text) { parameters, name in
      if let value = variables.values[name] { return value }
      if variables.silent.contains(name) { return nil }
      if !parameters.contains(name), let owner = variables.owners[name] {
        parameters.problems.append(
          text.place, "“\(name)” belongs to the matrix of “\(owner)”, which does not repeat this stage",
          advice: "refer to “\(owner)” or a stage that depends on it, or give this stage a matrix")
        return nil
      }
      if !parameters.contains(name), !variables.values.isEmpty {
        let names = (parameters.names + variables.values.keys).sorted()
        parameters.problems.append(
          text.place, "unknown parameter “\(name)”",
          advice: Spelling.advice(for: name, among: names, after: parameters.problems.count))
        return nil
      }
      return parameters.value(of: name, text.place, [])
    }
  }

  /// Replaces each `${name}` in an option's values. Reports and drops values for which that fails.
  mutating func substitute(
    _ option: StageDescription.Option, _ variables: MatrixVariables = MatrixVariables()
  ) -> StageDescription.Option {
    let texts = option.values.compactMap { text in substitute(text, variables).map { Located($0, text.place) } }
    return StageDescription.Option(option.place, texts, isWhole: option.isWhole && texts.count == option.values.count)
  }

  /// The text after substituting parameters; nil if it uses any other name. Reports no problems.
  func plain(_ text: Located<String>) -> String? {
    var copy = self
    return copy.substitute(text) { parameters, name in parameters.values[name]?.value }
  }

  /// Replaces each `${name}` by its `value`.
  private mutating func substitute(
    _ text: Located<String>, _ value: (inout Parameters, String) -> String?
  ) -> String? {
    var isWhole = true
    var result = ""
    var rest = Substring(text.value)
    while let start = rest.range(of: "${") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: "}") else {
        problems.append(text.place, "“${” without “}” in “\(text.value)”", advice: "write ${name}")
        return nil
      }
      if let value = value(&self, String(rest[..<end])) { result += value } else { isWhole = false }
      guard result.utf8.count <= Self.longestValue else {
        problems.append(
          text.place, "a value of more than \(Self.longestValue) bytes after substituting parameters",
          advice: "use fewer parameters within parameters")
        return nil
      }
      rest = rest[rest.index(after: end)...]
    }
    return isWhole ? result + rest : nil
  }
}

/// The matrix names visible to one stage.
struct MatrixVariables {
  /// The values of this stage.
  var values: [String: String] = [:]
  /// Names without a value because of a problem that is already reported.
  var silent: Set<String> = []
  /// By matrix name: a stage whose matrix has it.
  var owners: [String: String] = [:]
}
