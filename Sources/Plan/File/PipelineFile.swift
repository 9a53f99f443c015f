import Foundation
import Support
import Yams

/// Reads a pipeline file: YAML in, a ``PipelineDescription`` with every mistake of form out.
public struct PipelineFile {
  private let file: String
  let registry: KindRegistry
  var problems: [Problem] = []
  /// Values of options so far; an alias may stand for many.
  var valuesRead = 0

  private init(file: String, _ registry: KindRegistry) {
    (self.file, self.registry) = (file, registry)
  }

  /// Larger files, in bytes, are not pipelines.
  private static let maximumSize = 1 << 20

  /// What a pipeline is made of, for people.
  static func keys(_ registry: KindRegistry) -> [(name: String, help: String)] {
    [
      ("name", "the pipeline's name; by default that of the file"),
      (
        "parameters", "values for ${name} in options, which --set name=value overrides; out is the folder for outputs"
      ),
    ] + registry.sections.map { ($0.name, $0.help) } + [
      ("stages", "stages by name; what a stage makes is kept in a file of that name")
    ]
  }

  static let matrixHelp =
    "values over which the stage is repeated, by name, ${name} in its options being the value; what refers to it is repeated with it, and a list takes all"

  /// A stage's name is that of its file.
  static let stageNamePattern = "^[A-Za-z0-9_-][A-Za-z0-9_.-]*$"
  static let matrixNamePattern = "^[A-Za-z_][A-Za-z0-9_]*$"

  static func isName(_ name: String, _ pattern: String) -> Bool {
    name.range(of: pattern, options: .regularExpression) == name.startIndex..<name.endIndex
  }

  /// Parses a pipeline's text; `settings` are `key=value` texts that override its parameters.
  ///
  /// Throws ``PipelineError`` with all mistakes of form.
  package static func parse(
    _ text: String, file: String, settings: [String] = [], in registry: KindRegistry
  ) throws -> PipelineDescription {
    try whole(check(text: text, file: file, settings: settings, in: registry))
  }

  /// A pipeline as far as it could be read, and all mistakes of form.
  public typealias Checked = (description: PipelineDescription, problems: [Problem])

  private static func whole(_ checked: Checked) throws -> PipelineDescription {
    guard checked.problems.isEmpty else { throw PipelineError(checked.problems) }
    return checked.description
  }

  /// Reads as much of `file` as can be read. Throws ``PipelineError`` where there is no such file.
  package static func check(_ file: String, settings: [String] = [], in registry: KindRegistry) throws -> Checked {
    guard let data = FileManager.default.contents(atPath: file), data.count <= maximumSize else {
      throw PipelineError([
        Problem(
          .file(file, line: 1, column: 1), "expected a pipeline file, found none that can be read",
          advice: "check the path; Pipelines/quickstart.yaml is an example")
      ])
    }
    return check(text: String(decoding: data, as: UTF8.self), file: file, settings: settings, in: registry)
  }

  /// Parses as much of a pipeline's text as can be parsed.
  package static func check(text: String, file: String, settings: [String] = [], in registry: KindRegistry) -> Checked {
    var parser = PipelineFile(file: file, registry)
    let description = parser.pipeline(text, settings)
    return (description, parser.problems)
  }

  func place(_ node: Node) -> Place {
    .file(file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  mutating func complain(_ node: Node, _ message: String, advice: String) {
    problems.append(place(node), message, advice: advice)
  }

  private mutating func pipeline(_ text: String, _ settings: [String]) -> PipelineDescription {
    var description = PipelineDescription(
      name: URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent, stages: [])
    guard let root = compose(text) else { return description }
    let keys = Self.keys(registry).map(\.name)
    var parameters = Parameters(settings: settings)
    var sections: StageDescription.Sections = [:]
    for (key, value) in members(root, of: "a pipeline", keys: keys) {
      switch key.value {
      case "name": description.name = scalar(value, of: "name") ?? description.name
      case "parameters": parameters.declare(readParameters(value))
      case let name where registry.hasSection(name): sections[name] = readSection(value, of: name)
      default: break
      }
    }
    parameters.checkOverrides()
    description.sections = sections.mapValues { $0.mapValues { parameters.substitute($0) } }
    problems += parameters.problems
    description.parameters = parameters.values
    if let stages = root.mapping?["stages"] {
      description.place = place(stages)
      let (written, unreadable) = readStages(stages)
      let expansion = MatrixExpansion(written, parameters, in: registry, unreadable: unreadable)
      problems += expansion.problems
      description.stages = expansion.stages
      description.unreadable = expansion.unreadable
    } else if root.mapping?.keys.contains(where: { Spelling.nearest(to: $0.string ?? "", among: keys) == "stages" })
      == false
    {
      complain(root, "expected stages, found none", advice: "add stages: with a stage under it")
    }
    return description
  }

  private mutating func compose(_ text: String) -> Node? {
    if let (line, column) = YAMLKeys.firstThatIsNoName(in: text) {
      problems.append(
        .file(file, line: line, column: column), "expected a name as key, found a list or a mapping",
        advice: "write key: value lines")
      return nil
    }
    do {
      if let root = try Yams.compose(yaml: text) { return root }
      problems.append(.file(file, line: 1, column: 1), "the file is empty", advice: "add stages:")
    } catch let error as YamlError {
      problems.append(problem(of: error))
    } catch {
      problems.append(.file(file, line: 1, column: 1), "\(error)", advice: "check the YAML")
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
  mutating func members(_ node: Node, of what: String, keys: [String]?) -> [(Located<String>, Node)] {
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
      return (Located(name, place(key)), value)
    }
  }

  mutating func scalar(_ node: Node, of what: String, advice: String? = nil) -> String? {
    guard let text = node.scalar?.string, node.null == nil else {
      let found = node.null == nil ? "" : ", found none"
      complain(node, "expected one value for \(what)\(found)", advice: advice ?? "write \(what): value")
      return nil
    }
    return text
  }

  private mutating func readParameters(_ node: Node) -> [(name: String, value: Located<String>?)] {
    members(node, of: "parameters", keys: nil).map { name, value in
      (name.value, scalar(value, of: name.value).map { Located($0, place(value)) })
    }
  }
}
