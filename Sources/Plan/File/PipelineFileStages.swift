import Support
import Yams

/// Reads the stages of a pipeline file as written.
extension PipelineFile {
  /// The stages that could be read well enough, and the names of the others.
  mutating func readStages(_ node: Node) -> (stages: [UnexpandedStage], unreadable: Set<String>) {
    var (stages, unreadable): ([UnexpandedStage], Set<String>) = ([], [])
    for (name, value) in members(node, of: "stages", keys: nil) {
      checkName(name)
      if let stage = stage(name.value, value) { stages.append(stage) } else { unreadable.insert(name.value) }
    }
    return (stages, unreadable)
  }

  private mutating func stage(_ name: String, _ node: Node) -> UnexpandedStage? {
    let members = members(node, of: "stage “\(name)”", keys: nil)
    guard let uses = members.first(where: { $0.0.value == "uses" })?.1 else {
      if node.mapping != nil {
        addProblem(node, "stage “\(name)” does not say what it uses", advice: "add uses: and a stage kind")
      }
      return nil
    }
    guard let kind = scalar(uses, of: "uses") else { return nil }
    var matrix: [MatrixAxis] = []
    var (options, sections): (StageDescription.Options, StageDescription.Sections) = ([:], [:])
    for (key, value) in members where key.value != "uses" {
      if registry.hasSection(key.value) {
        sections[key.value] = readSection(value, of: "\(key.value) of stage “\(name)”")
      } else if key.value == "matrix" {
        matrix = readMatrix(value, of: name)
      } else if value.mapping != nil, Spelling.nearest(to: key.value, among: ["matrix"]) != nil {
        problems.append(key.place, "unknown option “\(key.value)” of \(kind)", advice: "did you mean “matrix”?")
        matrix = readMatrix(value, of: name)
      } else {
        options[key.value] = option(value, named: key)
      }
    }
    return UnexpandedStage(
      name: name, kind: Located(kind, place(uses)), matrix: matrix, options: options, sections: sections)
  }

  private mutating func readMatrix(_ node: Node, of stage: String) -> [MatrixAxis] {
    let members = members(node, of: "the matrix of “\(stage)”", keys: nil)
    if node.mapping?.isEmpty == true {
      addProblem(
        node, "expected a name in the matrix of “\(stage)”, found none", advice: "write, for example, step: [1, 2]")
    }
    return members.map { name, value in
      if !Self.isName(name.value, Self.matrixNamePattern) {
        problems.append(
          name.place, "expected a matrix name of letters, digits and “_”, found “\(name.value)”",
          advice: "rename it, so that options can use it as ${name}")
      }
      guard let nodes = value.sequence, !nodes.isEmpty else {
        addProblem(
          value,
          "expected a list of values for \(name.value), found \(value.sequence == nil ? "none" : "an empty one")",
          advice: "write, for example, \(name.value): [1, 2]")
        return MatrixAxis(name: name, values: [], isWhole: false)
      }
      let values = nodes.compactMap { node in
        scalar(node, of: name.value, advice: "write, for example, \(name.value): [1, 2]").map {
          Located($0, place(node))
        }
      }
      return MatrixAxis(name: name, values: values, isWhole: values.count == nodes.count)
    }
  }

  /// Reads a section, such as the settings of cluster jobs.
  mutating func readSection(_ node: Node, of what: String) -> StageDescription.Options {
    var options: StageDescription.Options = [:]
    for (key, value) in members(node, of: what, keys: nil) { options[key.value] = option(value, named: key) }
    return options
  }

  private mutating func checkName(_ name: Located<String>) {
    guard !Self.isName(name.value, Self.stageNamePattern) else { return }
    problems.append(
      name.place, "expected a stage name of letters, digits, “_”, “-” and “.”, found “\(name.value)”",
      advice: "rename it: outputs are named after their stages")
  }

  /// Reads one value, or a list of values.
  private mutating func option(_ node: Node, named name: Located<String>) -> StageDescription.Option {
    let nodes = node.sequence.map(Array.init) ?? [node]
    valuesRead += nodes.count
    guard valuesRead <= MatrixExpansion.mostValues else {
      if valuesRead - nodes.count <= MatrixExpansion.mostValues {
        addProblem(
          node, "expected at most \(MatrixExpansion.mostValues) option values in a pipeline, found more",
          advice: "use globs instead of names, and fewer aliases of long lists")
      }
      return StageDescription.Option(name.place, [], isWhole: false)
    }
    let values = nodes.compactMap { node in scalar(node, of: name.value).map { Located($0, place(node)) } }
    return StageDescription.Option(name.place, values, isWhole: values.count == nodes.count)
  }
}
