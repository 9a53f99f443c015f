import Storage

/// Repeats each stage over the values of its matrix, and of the matrices of the stages it refers to.
///
/// A stage is repeated over the names in its own matrix and over those of every stage that an option refers to that takes
/// one stage: so a chain is repeated as a whole, joined where names are the same. An option that takes a list refers to
/// all instances instead, of those names that the stage is not itself repeated over.
struct MatrixExpansion {
  /// Stages of one pipeline, all instances counted.
  static let mostStages = 10_000
  /// Values of options of one pipeline, all instances counted.
  static let mostValues = 200_000
  /// Bytes of an instance's name, which with an ending must do as a file's.
  private static let longestName = 200

  private(set) var stages: [StageDescription] = []
  private(set) var problems: [Problem] = []
  private var valuesMade = 0
  /// Names of stages that could not be repeated.
  private(set) var unreadable: Set<String>
  private var parameters: Parameters
  private let registry: KindRegistry
  private let written: [String: WrittenStage]
  /// A stage with each name in its matrix.
  private let owners: [String: String]
  /// By stage name: those it is repeated over, in order.
  private var axes: [String: [MatrixAxis]] = [:]
  private var underWay: Set<String> = []

  init(
    _ stages: [WrittenStage], _ parameters: Parameters, in registry: KindRegistry, unreadable: Set<String>
  ) {
    (self.registry, self.unreadable) = (registry, unreadable)
    var (parameters, found) = (parameters, [Problem]())
    let before = parameters.problems.count
    let matrices = stages.map { $0.matrix.map { $0.checked(&parameters, &found) } }
    self.parameters = parameters
    problems = found
    written = Dictionary(
      zip(stages, matrices).map { stage, matrix in
        (
          stage.name,
          WrittenStage(
            name: stage.name, kind: stage.kind, matrix: matrix, options: stage.options, sections: stage.sections)
        )
      }, uniquingKeysWith: { first, _ in first })
    owners = Dictionary(
      zip(stages, matrices).flatMap { stage, matrix in matrix.map { ($0.name.value, stage.name) } },
      uniquingKeysWith: { first, _ in first })
    for stage in stages { expand(stage) }
    problems += self.parameters.problems.dropFirst(before)
  }

  /// What a stage is repeated over; of stages that wait for each other, what is known when the circle closes.
  private mutating func axes(of stage: WrittenStage) -> [MatrixAxis] {
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

  /// Names that options give that refer to one stage, or may be meant to.
  private func references(of stage: WrittenStage) -> [String] {
    let specs = registry.kind(stage.kind.value)?.options ?? []
    return stage.options.sorted { $0.value.place.precedes($1.value.place) }.flatMap { name, option -> [String] in
      if let spec = specs.first(where: { $0.name == name }), spec.needs == nil || spec.isList { return [] }
      return option.values.compactMap(parameters.plain)
    }
  }

  private mutating func expand(_ stage: WrittenStage) {
    guard let stage = written[stage.name] else { return }
    let axes = axes(of: stage)
    let count = axes.reduce(1) { count, axis in
      let (product, overflow) = count.multipliedReportingOverflow(by: max(axis.values.count, 1))
      return overflow ? .max : product
    }
    guard count <= Self.mostStages - stages.count else {
      problems.append(
        stage.matrix.first?.name.place ?? stage.kind.place,
        "expected at most \(Self.mostStages) stages, found \(count) of “\(stage.name)” beside \(stages.count)",
        advice: "repeat over fewer values, or split the pipeline")
      unreadable.insert(stage.name)
      return
    }
    let values = count.multipliedReportingOverflow(by: stage.options.values.reduce(0) { $0 + $1.values.count })
    guard !values.overflow, values.partialValue <= Self.mostValues - valuesMade else {
      problems.append(
        stage.kind.place,
        "expected at most \(Self.mostValues) values of options, found more with “\(stage.name)” \(count) times",
        advice: "use globs in place of names, or repeat over fewer values")
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

  /// Whether an option that refers to a stage names none, which is a problem that is told, so that nobody can say over what
  /// the stage is repeated.
  private func hasOpenReference(_ stage: WrittenStage) -> Bool {
    references(of: stage).contains { written[$0] == nil && (try? InputFiles.expand([$0])) == nil }
  }

  /// All choices of a value for each name, the last name's changing fastest.
  private static func product(_ axes: [MatrixAxis]) -> [[MatrixValue]] {
    axes.reduce([[]]) { choices, axis in
      choices.flatMap { choice in
        axis.values.map { choice + [MatrixValue(name: axis.name.value, value: $0.value)] }
      }
    }
  }

  private mutating func instance(
    of stage: WrittenStage, _ values: [MatrixValue], silent: Set<String>
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
        "expected values that make a name of at most \(Self.longestName) bytes, found \(name.utf8.count)",
        advice: "use shorter values, and put what they share into a parameter")
    }
    return StageDescription(
      name: name, written: stage.name, kind: stage.kind, options: options, values: values, sections: sections)
  }
}
