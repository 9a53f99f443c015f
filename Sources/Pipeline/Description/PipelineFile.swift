import Embeddings
import Foundation
import Streams
import Yams

/// Reads a pipeline file: YAML in, a ``PipelineDescription`` with every mistake of form out.
public struct PipelineFile {
  private let file: String
  private var problems: [Problem] = []
  private var parameters: [String: String] = [:]
  /// What `--set` gives.
  private var overrides: [String: String] = [:]

  private init(file: String) { self.file = file }

  /// Larger files, in bytes, are not pipelines.
  private static let maximumSize = 1 << 20

  /// Reads and parses `file`; `settings` are `key=value` texts that override its parameters.
  ///
  /// Throws ``PipelineError`` with all mistakes found, or `StreamError` where the file cannot be read.
  public static func read(_ file: String, settings: [String] = []) throws -> PipelineDescription {
    guard let data = FileManager.default.contents(atPath: file), data.count <= maximumSize else {
      throw PipelineError([
        Problem(
          .file(file, line: 1, column: 1), "expected a pipeline file, found none that can be read",
          advice: "check the path; Pipelines/quickstart.yaml is an example")
      ])
    }
    return try parse(String(decoding: data, as: UTF8.self), file: file, settings: settings)
  }

  /// Parses a pipeline's text.
  public static func parse(_ text: String, file: String, settings: [String] = []) throws -> PipelineDescription {
    var parser = PipelineFile(file: file)
    let description = parser.pipeline(text, settings)
    guard parser.problems.isEmpty else { throw PipelineError(parser.problems) }
    return description
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
      description.stages = readStages(stages)
    } else if problems.isEmpty {
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
      if let text = scalar(value, of: name) {
        parameters[name] = overrides[name] ?? substitute(text, place(value))
      }
    }
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
    for name in overrides.keys.sorted() where parameters[name] == nil {
      problems.append(
        Problem(
          .option("--set"), "the pipeline has no parameter “\(name)”",
          advice: Spelling.advice(for: name, among: parameters.keys.sorted())))
    }
  }

  private mutating func readStages(_ node: Node) -> [StageDescription] {
    var stages: [StageDescription] = []
    for (name, value) in members(node, of: "stages", keys: nil) {
      let options = members(value, of: "stage “\(name)”", keys: nil)
      guard let uses = value.mapping?["uses"] else {
        if value.mapping != nil {
          complain(value, "stage “\(name)” does not say what it uses", advice: "add uses: and a stage kind")
        }
        continue
      }
      guard let kind = scalar(uses, of: "uses") else { continue }
      var stage = StageDescription(name: name, kind: Located(kind, place(uses)))
      for (option, setting) in options where option != "uses" {
        let key = value.mapping?.first { $0.key.scalar?.string == option }?.key ?? setting
        stage.options[option] = StageDescription.Option(place(key), values(setting, of: option))
      }
      stages.append(stage)
    }
    return stages
  }

  /// One value, or a list of them, with parameters put in.
  private mutating func values(_ node: Node, of option: String) -> [Located<String>] {
    let nodes = node.sequence.map(Array.init) ?? [node]
    return nodes.compactMap { element in
      scalar(element, of: option).map { Located(substitute($0, place(element)), place(element)) }
    }
  }

  /// Replaces each `${name}` by the parameter's value.
  private mutating func substitute(_ text: String, _ place: Place) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.range(of: "${") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: "}") else {
        problems.append(Problem(place, "“${” without “}” in “\(text)”", advice: "write ${name}"))
        return text
      }
      let name = String(rest[..<end])
      if let value = parameters[name] {
        result += value
      } else {
        problems.append(
          Problem(
            place, "unknown parameter “\(name)”", advice: Spelling.advice(for: name, among: parameters.keys.sorted())))
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
