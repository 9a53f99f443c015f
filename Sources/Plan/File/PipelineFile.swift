import Foundation
import Support
import Yams

/// Reads a pipeline file: YAML in, a ``PipelineDescription`` and every mistake of form out.
package struct PipelineFile {
  private let file: String
  let registry: KindRegistry
  var problems: [Problem] = []
  /// Option values read so far. A YAML alias may stand for many.
  var valuesRead = 0
  /// Members of mappings merged so far; see ``MergeKeys``.
  var membersMerged = 0

  private init(file: String, _ registry: KindRegistry) {
    (self.file, self.registry) = (file, registry)
  }

  /// The keys of a pipeline file, with help.
  static func keys(_ registry: KindRegistry) -> [(name: String, help: String)] {
    [
      ("name", "the pipeline's name; by default that of the file"),
      (
        "parameters", "values for ${name} in options; --set name=value overrides them; out is the output folder"
      ),
    ] + registry.sections.map { ($0.name, $0.help) } + [
      ("stages", "stages by name; a stage's output file is named after it")
    ]
  }

  static let matrixHelp =
    "values over which to repeat the stage, by name; ${name} in its options is the value. Stages that refer to it are repeated with it; a list takes every instance"

  /// Stage names are also file names.
  static let stageNamePattern = "^[A-Za-z0-9_-][A-Za-z0-9_.-]*$"
  static let matrixNamePattern = "^[A-Za-z_][A-Za-z0-9_]*$"

  static func isName(_ name: String, _ pattern: String) -> Bool {
    name.range(of: pattern, options: .regularExpression) == name.startIndex..<name.endIndex
  }

  /// A pipeline as far as it could be read, with all mistakes of form.
  package typealias Checked = (description: PipelineDescription, problems: [Problem])

  /// Reads as much of `file` as possible. Throws ``PipelineError`` if the file cannot be read at all.
  package static func check(_ file: String, settings: [String] = [], in registry: KindRegistry) throws -> Checked {
    check(text: try PipelineText.read(file), file: file, settings: settings, in: registry)
  }

  /// Parses as much of a pipeline's text as possible. `settings` are `key=value` texts that override its parameters.
  package static func check(text: String, file: String, settings: [String] = [], in registry: KindRegistry) -> Checked {
    var parser = PipelineFile(file: file, registry)
    let description = parser.pipeline(text, settings)
    return (description, parser.problems)
  }

  func place(_ node: Node) -> SourcePosition {
    .file(file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  mutating func addProblem(_ node: Node, _ message: String, advice: String) {
    problems.append(place(node), message, advice: advice)
  }

  private mutating func pipeline(_ text: String, _ settings: [String]) -> PipelineDescription {
    var description = PipelineDescription(
      name: URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent, stages: [])
    guard let root = compose(text) else { return description }
    let keys = Self.keys(registry).map(\.name)
    var parameters = Parameters(settings: settings)
    var sections: StageDescription.Sections = [:]
    var stages: Node?
    let found = members(root, of: "a pipeline", keys: keys)
    for (key, value) in found {
      switch key.value {
      case "name": description.name = scalar(value, of: "name") ?? description.name
      case "parameters": parameters.declare(readParameters(value))
      case "stages": stages = value
      case let name where registry.hasSection(name): sections[name] = readSection(value, of: name)
      default: break
      }
    }
    parameters.checkOverrides()
    description.sections = sections.mapValues { $0.mapValues { parameters.substitute($0) } }
    problems += parameters.problems
    description.parameters = parameters.values
    if let stages {
      description.place = place(stages)
      let (written, unreadable) = readStages(stages)
      let expansion = MatrixExpansion(written, parameters, in: registry, unreadable: unreadable)
      problems += expansion.problems
      description.stages = expansion.stages
      description.unreadable = expansion.unreadable
    } else if root.mapping?.keys.contains(where: { Spelling.nearest(to: $0.string ?? "", among: keys) == "stages" })
      == false
    {
      addProblem(root, "expected stages, found none", advice: "add stages: and a stage under it")
    }
    return description
  }

  private mutating func compose(_ text: String) -> Node? {
    if let (line, column) = YAMLKeys.firstInvalidName(in: text) {
      problems.append(
        .file(file, line: line, column: column), "expected a name as the key, found a list or a mapping",
        advice: "write key: value lines")
      return nil
    }
    do {
      if let root = try Yams.compose(yaml: text) { return root }
      problems.append(.file(file, line: 1, column: 1), "the file is empty", advice: "add stages:")
    } catch let error as YamlError {
      problems.append(problem(of: error, in: text))
    } catch {
      problems.append(.file(file, line: 1, column: 1), "\(error)", advice: "check the YAML")
    }
    return nil
  }

  private func problem(of error: YamlError, in text: String) -> Problem {
    switch error {
    case .scanner(_, let message, let mark, _), .parser(_, let message, let mark, _),
      .composer(_, let message, let mark, _):
      if let column = Self.tab(in: text, at: mark) {
        return Problem(
          .file(file, line: mark.line, column: column), "expected spaces, found a tab",
          advice: "indent with spaces: YAML does not allow tabs there")
      }
      return Problem(
        .file(file, line: mark.line, column: mark.column), message, advice: "check quotes, brackets and indentation")
    case .reader(let message, let offset, _, _):
      let before = text.utf8.prefix(offset ?? 0)
      let line = String(decoding: before.reversed().prefix { $0 != UInt8(ascii: "\n") }.reversed(), as: UTF8.self)
      return Problem(
        .file(file, line: 1 + before.count { $0 == UInt8(ascii: "\n") }, column: 1 + line.unicodeScalars.count),
        message,
        advice: "remove that character, or write it as an escape in double quotes, as in \"\\e\"")
    case .duplicatedKeysInMapping(let keys, let context):
      return Problem(
        .file(file, line: context.mark.line, column: context.mark.column),
        "expected each key once, found \(keys.map { "“\($0)”" }.joined(separator: ", ")) again", advice: "keep one")
    default:
      return Problem(.file(file, line: 1, column: 1), "\(error)", advice: "check the YAML")
    }
  }

  /// The column of a tab that is at a place or indents its line.
  private static func tab(in text: String, at mark: Mark) -> Int? {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    guard lines.indices.contains(mark.line - 1) else { return nil }
    let line = Array(lines[mark.line - 1].unicodeScalars)
    if let tab = line.prefix(while: { $0 == " " || $0 == "\t" }).firstIndex(of: "\t") { return tab + 1 }
    return line.dropFirst(mark.column - 1).first == "\t" ? mark.column : nil
  }

  /// The members of a mapping, merged ones included. Reports keys that are not among `keys`, or a node that is not a mapping.
  mutating func members(_ node: Node, of what: String, keys: [String]?) -> [(Located<String>, Node)] {
    guard let mapping = node.mapping else {
      addProblem(node, "expected \(what) to be a mapping of keys to values", advice: "write key: value lines")
      return []
    }
    return merging(mapping).compactMap { key, value in
      guard let name = key.scalar?.string else {
        addProblem(key, "expected a name as the key", advice: "write key: value lines")
        return nil
      }
      if let keys, !keys.contains(name) {
        addProblem(key, "unknown key “\(name)” in \(what)", advice: Spelling.advice(for: name, among: keys))
        return nil
      }
      return (Located(name, place(key)), value)
    }
  }

  mutating func scalar(_ node: Node, of what: String, advice: String? = nil) -> String? {
    guard let text = node.scalar?.string, node.null == nil else {
      let found = node.null == nil ? "" : ", found none"
      addProblem(node, "expected one value for \(what)\(found)", advice: advice ?? "write \(what): value")
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
