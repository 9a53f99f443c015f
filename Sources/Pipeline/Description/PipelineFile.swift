import Embeddings
import Foundation
import Streams
import Yams

/// Reads a pipeline file: YAML in, a ``PipelineDescription`` with every mistake of form out.
public struct PipelineFile {
  private let file: String
  private var problems: [Problem] = []
  /// Parameters as the file has them, before others are put in.
  private var written: [String: Located<String>] = [:]
  private var parameters: [String: Located<String>] = [:]
  /// Parameters of which a problem is told already.
  private var broken: Set<String> = []
  /// What `--set` gives.
  private var overrides: [String: String] = [:]

  private init(file: String) { self.file = file }

  /// Larger files, in bytes, are not pipelines.
  private static let maximumSize = 1 << 20

  /// Parses a pipeline's text; `settings` are `key=value` texts that override its parameters.
  ///
  /// Throws ``PipelineError`` with all mistakes of form.
  public static func parse(_ text: String, file: String, settings: [String] = []) throws -> PipelineDescription {
    try whole(check(text: text, file: file, settings: settings))
  }

  /// A pipeline as far as it could be read, and all mistakes of form.
  public typealias Checked = (description: PipelineDescription, problems: [Problem])

  private static func whole(_ checked: Checked) throws -> PipelineDescription {
    guard checked.problems.isEmpty else { throw PipelineError(checked.problems) }
    return checked.description
  }

  /// Reads as much of `file` as can be read. Throws ``PipelineError`` where there is no such file.
  public static func check(_ file: String, settings: [String] = []) throws -> Checked {
    guard let data = FileManager.default.contents(atPath: file), data.count <= maximumSize else {
      throw PipelineError([
        Problem(
          .file(file, line: 1, column: 1), "expected a pipeline file, found none that can be read",
          advice: "check the path; Pipelines/quickstart.yaml is an example")
      ])
    }
    return check(text: String(decoding: data, as: UTF8.self), file: file, settings: settings)
  }

  /// Parses as much of a pipeline's text as can be parsed.
  static func check(text: String, file: String, settings: [String] = []) -> Checked {
    var parser = PipelineFile(file: file)
    let description = parser.pipeline(text, settings)
    return (description, parser.problems)
  }

  private func place(_ node: Node) -> Place {
    .file(file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  private mutating func complain(_ node: Node, _ message: String, advice: String) {
    problems.append(Problem(place(node), message, advice: advice))
  }

  private mutating func pipeline(_ text: String, _ settings: [String]) -> PipelineDescription {
    var description = PipelineDescription(
      name: URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent, stages: [])
    guard let root = compose(text) else { return description }
    let keys = ["name", "parameters", "stages"]
    readOverrides(settings)
    for (key, value) in members(root, of: "a pipeline", keys: keys) {
      switch key {
      case "name": description.name = scalar(value, of: "name") ?? description.name
      case "parameters": readParameters(value)
      default: break
      }
    }
    checkOverrides()
    description.parameters = parameters
    if let stages = root.mapping?["stages"] {
      description.place = place(stages)
      readStages(stages, into: &description)
    } else if root.mapping?.keys.contains(where: { Spelling.nearest(to: $0.string ?? "", among: keys) == "stages" })
      == false
    {
      complain(root, "expected stages, found none", advice: "add stages: with a stage under it")
    }
    return description
  }

  private mutating func compose(_ text: String) -> Node? {
    do {
      if let root = try Yams.compose(yaml: text) { return root }
      problems.append(Problem(.file(file, line: 1, column: 1), "the file is empty", advice: "add stages:"))
    } catch let error as YamlError {
      problems.append(problem(of: error))
    } catch {
      problems.append(Problem(.file(file, line: 1, column: 1), "\(error)", advice: "check the YAML"))
    }
    return nil
  }

  private func problem(of error: YamlError) -> Problem {
    switch error {
    case .scanner(_, let message, let mark, _), .parser(_, let message, let mark, _),
      .composer(_, let message, let mark, _):
      return Problem(
        .file(file, line: mark.line, column: mark.column), message, advice: "check quotes, brackets and indentation")
    case .duplicatedKeysInMapping(let keys, let context):
      return Problem(
        .file(file, line: context.mark.line, column: context.mark.column),
        "expected each key once, found \(keys.map { "“\($0)”" }.joined(separator: ", ")) again", advice: "keep one")
    default:
      return Problem(.file(file, line: 1, column: 1), "\(error)", advice: "check the YAML")
    }
  }

  /// The members of a mapping, complaining of keys that are none of `keys`, or of all else where it is no mapping.
  private mutating func members(_ node: Node, of what: String, keys: [String]?) -> [(String, Node)] {
    guard let mapping = node.mapping else {
      complain(node, "expected \(what) to be a mapping of keys to values", advice: "write key: value lines")
      return []
    }
    return mapping.compactMap { key, value in
      guard let name = key.scalar?.string else {
        complain(key, "expected a name as key", advice: "write key: value lines")
        return nil
      }
      if let keys, !keys.contains(name) {
        complain(key, "unknown key “\(name)” in \(what)", advice: Spelling.advice(for: name, among: keys))
        return nil
      }
      return (name, value)
    }
  }

  private mutating func scalar(_ node: Node, of what: String) -> String? {
    guard let text = node.scalar?.string else {
      complain(node, "expected one value for \(what)", advice: "write \(what): value")
      return nil
    }
    return text
  }

  private mutating func readParameters(_ node: Node) {
    for (name, value) in members(node, of: "parameters", keys: nil) {
      if let override = overrides[name] {
        parameters[name] = Located(override, .option("--set"))
      } else if let text = scalar(value, of: name) {
        written[name] = Located(text, place(value))
      } else {
        broken.insert(name)
      }
    }
    for (name, text) in written.sorted(by: { $0.value.place.precedes($1.value.place) }) {
      _ = parameter(name, text.place, [])
    }
  }

  /// A parameter's value, others put in wherever in the file they stand; nil, and a problem told, where it has none.
  ///
  /// `path` is the parameters that are being made of it.
  private mutating func parameter(_ name: String, _ place: Place, _ path: [String]) -> String? {
    if let value = parameters[name] { return value.value }
    if broken.contains(name) { return nil }
    guard let text = written[name] else {
      let names = Set(parameters.keys).union(written.keys).union(broken).sorted()
      problems.append(Problem(place, "unknown parameter “\(name)”", advice: Spelling.advice(for: name, among: names)))
      return nil
    }
    if let start = path.firstIndex(of: name) {
      let cycle = (path[start...] + [name]).map { "“\($0)”" }.joined(separator: " → ")
      problems.append(Problem(place, "parameters that are made of each other: \(cycle)", advice: "break the cycle"))
      return nil
    }
    guard let value = substitute(text.value, text.place, path + [name]) else {
      broken.insert(name)
      return nil
    }
    parameters[name] = Located(value, text.place)
    return value
  }

  private mutating func readOverrides(_ settings: [String]) {
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if parts.count == 2 {
        overrides[parts[0]] = parts[1]
      } else {
        problems.append(
          Problem(.option("--set"), "expected key=value, found “\(setting)”", advice: "write --set \(setting)=VALUE"))
      }
    }
  }

  private mutating func checkOverrides() {
    let names = Set(parameters.keys).union(broken).sorted()
    for name in overrides.keys.sorted() where parameters[name] == nil {
      problems.append(
        Problem(
          .option("--set"), "the pipeline has no parameter “\(name)”",
          advice: Spelling.advice(for: name, among: names)))
    }
  }

  private mutating func readStages(_ node: Node, into description: inout PipelineDescription) {
    for (key, _) in node.mapping ?? [:] { checkName(key) }
    for (name, value) in members(node, of: "stages", keys: nil) {
      let options = members(value, of: "stage “\(name)”", keys: nil)
      guard let uses = value.mapping?["uses"] else {
        description.unreadable.insert(name)
        if value.mapping != nil {
          complain(value, "stage “\(name)” does not say what it uses", advice: "add uses: and a stage kind")
        }
        continue
      }
      guard let kind = scalar(uses, of: "uses") else {
        description.unreadable.insert(name)
        continue
      }
      var stage = StageDescription(name: name, kind: Located(kind, place(uses)))
      for (option, setting) in options where option != "uses" {
        let key = value.mapping?.first { $0.key.scalar?.string == option }?.key ?? setting
        stage.options[option] = self.option(setting, named: option, at: place(key))
      }
      description.stages.append(stage)
    }
  }

  /// A stage's name is that of its file.
  private mutating func checkName(_ key: Node) {
    guard let name = key.scalar?.string, name.wholeMatch(of: /[A-Za-z0-9_-][A-Za-z0-9_.-]*/) == nil else { return }
    complain(
      key, "expected a name of letters, digits, “_”, “-” and “.” for a stage, found “\(name)”",
      advice: "rename it: outputs are named after their stages")
  }

  /// One value, or a list of them, with parameters put in.
  private mutating func option(_ node: Node, named name: String, at place: Place) -> StageDescription.Option {
    let nodes = node.sequence.map(Array.init) ?? [node]
    let values = nodes.compactMap { element -> Located<String>? in
      guard let text = scalar(element, of: name) else { return nil }
      return substitute(text, self.place(element), []).map { Located($0, self.place(element)) }
    }
    return StageDescription.Option(place, values, isWhole: values.count == nodes.count)
  }

  /// Replaces each `${name}` by the parameter's value; nil, and problems told, where that cannot be.
  ///
  /// `path` is the parameters that are being made of `text`.
  private mutating func substitute(_ text: String, _ place: Place, _ path: [String]) -> String? {
    var isWhole = true
    var result = ""
    var rest = Substring(text)
    while let start = rest.range(of: "${") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: "}") else {
        problems.append(Problem(place, "“${” without “}” in “\(text)”", advice: "write ${name}"))
        return nil
      }
      let name = String(rest[..<end])
      if let value = parameter(name, place, path) { result += value } else { isWhole = false }
      rest = rest[rest.index(after: end)...]
    }
    return isWhole ? result + rest : nil
  }
}
