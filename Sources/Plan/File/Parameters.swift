import Support

/// The parameters of a pipeline file, with what `--set` gives for them, and their values wherever `${name}` stands.
struct Parameters {
  /// With others put in, and after `--set`.
  private(set) var values: [String: Located<String>] = [:]
  private(set) var problems: [Problem] = []
  /// As the file has them, before others are put in.
  private var written: [String: Located<String>] = [:]
  /// Those of which a problem is told already.
  private var broken: Set<String> = []
  /// Bytes of a value at most, others put in: some lines of names, and no memory's worth of them.
  private static let longestValue = 1 << 16
  /// Parameters that are made of each other, in a row, at most.
  private static let longestChain = 100
  /// What `--set` gives.
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

  /// Takes the parameters of the file; nil is one whose value could not be read, of which a problem is told already.
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

  /// Complains of settings for parameters that the file does not have.
  mutating func checkOverrides() {
    for name in overrides.keys.sorted() where values[name] == nil {
      problems.append(
        .option("--set"), "the pipeline has no parameter “\(name)”",
        advice: Spelling.advice(for: name, among: names, after: problems.count))
    }
  }

  /// A parameter's value, others put in wherever in the file they stand; nil, and a problem told, where it has none.
  ///
  /// `path` is the parameters that are being made of it.
  private mutating func value(of name: String, _ place: Place, _ path: [String]) -> String? {
    if let value = values[name] { return value.value }
    if broken.contains(name) { return nil }
    guard let text = written[name] else {
      problems.append(
        place, "unknown parameter “\(name)”", advice: Spelling.advice(for: name, among: names, after: problems.count))
      return nil
    }
    if let start = path.firstIndex(of: name) {
      let cycle = (path[start...] + [name]).map { "“\($0)”" }.joined(separator: " → ")
      problems.append(place, "parameters that are made of each other: \(cycle)", advice: "break the cycle")
      return nil
    }
    guard path.count < Self.longestChain else {
      problems.append(
        place, "more than \(Self.longestChain) parameters made of each other, “\(name)” among them",
        advice: "write values out")
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

  /// A text with values for each `${name}`; nil, and problems told, where that cannot be.
  ///
  /// - Parameter variables: what a matrix gives; they stand before parameters.
  mutating func substitute(_ text: Located<String>, _ variables: MatrixVariables = MatrixVariables()) -> String? {
    substitute(text) { parameters, name in
      if let value = variables.values[name] { return value }
      if variables.silent.contains(name) { return nil }
      if !parameters.contains(name), let owner = variables.owners[name] {
        parameters.problems.append(
          text.place, "“\(name)” is of the matrix of “\(owner)”, which does not repeat this stage",
          advice: "refer to “\(owner)” or a stage made of it, or give this stage a matrix")
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

  /// An option with values for each `${name}`; without those, and problems told, for which that cannot be.
  mutating func substitute(
    _ option: StageDescription.Option, _ variables: MatrixVariables = MatrixVariables()
  ) -> StageDescription.Option {
    let texts = option.values.compactMap { text in substitute(text, variables).map { Located($0, text.place) } }
    return StageDescription.Option(option.place, texts, isWhole: option.isWhole && texts.count == option.values.count)
  }

  /// The text with parameters put in, or nil where it holds anything else; tells no problems.
  func plain(_ text: Located<String>) -> String? {
    var copy = self
    return copy.substitute(text) { parameters, name in parameters.values[name]?.value }
  }

  /// Replaces each `${name}` by what `value` has for it.
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
          text.place, "a value of more than \(Self.longestValue) bytes once parameters are put in",
          advice: "put fewer of them into each other")
        return nil
      }
      rest = rest[rest.index(after: end)...]
    }
    return isWhole ? result + rest : nil
  }
}

/// What the matrices of a pipeline have to say of `${name}` in one stage.
struct MatrixVariables {
  /// The values of this stage.
  var values: [String: String] = [:]
  /// Names that have no value because of a problem that is told already.
  var silent: Set<String> = []
  /// A stage that has the name in its matrix, by name.
  var owners: [String: String] = [:]
}
