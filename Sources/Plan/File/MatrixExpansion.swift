import Storage

/// Repeats each stage over the values of its own matrix and of the matrices of the stages it refers to.
///
/// An option that takes one stage passes on that stage's matrix names. So a chain repeats as a whole, and matrices with
/// the same name are joined. An option that gathers refers instead to every instance, over all names that the stage is
/// not itself repeated over.
struct MatrixExpansion {
  /// Most stages in one pipeline, counting all instances.
  static let mostStages = 10_000
  /// Most option values in one pipeline, counting all instances.
  static let mostValues = 200_000
  /// Longest name of an instance in bytes: with an extension added it must still fit a file name.
  private static let longestName = 200

  private(set) var stages: [StageDescription] = []
  private(set) var problems: [Problem] = []
  private var valuesMade = 0
  /// Names of stages that could not be repeated.
  private(set) var unreadable: Set<String>
  private var parameters: Parameters
  private let registry: KindRegistry
  private let written: [String: UnexpandedStage]
  /// By matrix name: a stage whose matrix has it.
  private let owners: [String: String]
  /// By stage name: the axes it is repeated over, in order.
  private var axes: [String: [MatrixAxis]] = [:]
  private var underWay: Set<String> = []

  init(
    _ stages: [UnexpandedStage], _ parameters: Parameters, in registry: KindRegistry, unreadable: Set<String>
  ) {
    (self.registry, self.unreadable) = (registry, unreadable)
    var (parameters, found) = (parameters, [Problem]())
    let before = parameters.problems.count
    var stages = stages
    for number in stages.indices {
      stages[number].matrix = stages[number].matrix.map { $0.checked(&parameters, &found) }
    }
    self.parameters = parameters
    problems = found
    written = Dictionary(stages.map { ($0.name, $0) }) { first, _ in first }
    owners = Dictionary(stages.flatMap { stage in stage.matrix.map { ($0.name.value, stage.name) } }) { own, _ in own }
    for stage in stages { expand(stage) }
    problems += self.parameters.problems.dropFirst(before)
  }

  /// The axes a stage is repeated over. For stages in a cycle, those known when the cycle closes.
  private mutating func axes(of stage: UnexpandedStage) -> [MatrixAxis] {
    var path = [stage]
    while let last = path.last {
      underWay.insert(last.name)
      let targets = references(of: last).compactMap { written[$0] }
      if axes[last.name] == nil,
        let next = targets.first(where: { axes[$0.name] == nil && !underWay.contains($0.name) })
      {
        path.append(next)
        continue
      }
      if axes[last.name] == nil {
        var found = last.matrix
        for axis in targets.flatMap({ axes[$0.name] ?? [] })
        where !found.contains(where: { $0.name.value == axis.name.value }) {
          found.append(axis)
        }
        axes[last.name] = found
      }
      underWay.remove(last.name)
      path.removeLast()
    }
    return axes[stage.name] ?? []
  }

  /// The values of options that refer, or may refer, to a single stage.
  private func references(of stage: UnexpandedStage) -> [String] {
    let specs = registry.kind(stage.kind.value)?.options ?? []
    return stage.options.sorted { $0.value.place.precedes($1.value.place) }.flatMap { name, option -> [String] in
      if let spec = specs.first(where: { $0.name == name }), spec.needs == nil || spec.gathers { return [] }
      return option.values.compactMap(parameters.plain)
    }
  }

  private mutating func expand(_ stage: UnexpandedStage) {
    guard let stage = written[stage.name] else { return }
    let axes = axes(of: stage)
    let count = axes.reduce(1) { count, axis in
      let (product, overflow) = count.multipliedReportingOverflow(by: max(axis.values.count, 1))
      return overflow ? .max : product
    }
    guard count <= Self.mostStages - stages.count else {
      problems.append(
        stage.matrix.first?.name.place ?? stage.kind.place,
        "expected at most \(Self.mostStages) stages, found \(count) of “\(stage.name)” and \(stages.count) others",
        advice: "repeat over fewer values, or split the pipeline")
      unreadable.insert(stage.name)
      return
    }
    let values = count.multipliedReportingOverflow(by: stage.options.values.reduce(0) { $0 + $1.values.count })
    guard !values.overflow, values.partialValue <= Self.mostValues - valuesMade else {
      problems.append(
        stage.kind.place,
        "expected at most \(Self.mostValues) option values, found more after repeating “\(stage.name)” \(count) times",
        advice: "use globs instead of names, or repeat over fewer values")
      unreadable.insert(stage.name)
      return
    }
    valuesMade += values.partialValue
    guard axes.allSatisfy(\.isWhole) else {
      stages.append(instance(of: stage, [], silent: Set(axes.map(\.name.value))))
      return
    }
    let silent = hasOpenReference(stage) ? Set(owners.keys) : []
    for values in Self.product(axes) { stages.append(instance(of: stage, values, silent: silent)) }
  }

  /// Whether a reference names an unknown stage. That is already reported, and leaves the stage's axes unknown.
  private func hasOpenReference(_ stage: UnexpandedStage) -> Bool {
    references(of: stage).contains { written[$0] == nil && !Self.isFile($0) }
  }

  /// Whether a reference names a file; also if the system could not look.
  private static func isFile(_ reference: String) -> Bool {
    do { return try Trial.result { try InputFiles.expand([reference]) } != nil } catch { return true }
  }

  /// All combinations of values; the last name varies fastest.
  private static func product(_ axes: [MatrixAxis]) -> [[MatrixValue]] {
    axes.reduce([[]]) { choices, axis in
      choices.flatMap { choice in
        axis.values.map { choice + [MatrixValue(name: axis.name.value, value: $0.value)] }
      }
    }
  }

  private mutating func instance(
    of stage: UnexpandedStage, _ values: [MatrixValue], silent: Set<String>
  ) -> StageDescription {
    let variables = MatrixVariables(
      values: Dictionary(values.map { ($0.name, $0.value) }) { first, _ in first }, silent: silent, owners: owners)
    let options = stage.options.mapValues { parameters.substitute($0, variables) }
    let sections = stage.sections.mapValues { $0.mapValues { parameters.substitute($0, variables) } }
    let label = values.map(\.label).joined(separator: ",")
    let name = label.isEmpty ? stage.name : "\(stage.name).\(label)"
    if !values.isEmpty && name.utf8.count > Self.longestName {
      problems.append(
        stage.kind.place,
        "expected a stage name of at most \(Self.longestName) bytes with its matrix values, found \(name.utf8.count)",
        advice: "use shorter values, and move what they share into a parameter")
    }
    return StageDescription(
      name: name, written: stage.name, kind: stage.kind, options: options, values: values, sections: sections)
  }
}
