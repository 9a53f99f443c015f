import Foundation
import Support

/// Checks a pipeline and collects its problems.
struct GraphCheck {
  let description: PipelineDescription
  let registry: KindRegistry
  var problems: [Problem] = []
  /// Indices of the stages with each written name.
  let numbers: [String: [Int]]

  /// `problems` are those found while reading the description.
  init(_ description: PipelineDescription, in registry: KindRegistry, found problems: [Problem]) {
    (self.registry, self.description, self.problems) = (registry, description, problems)
    numbers = Dictionary(grouping: description.stages.indices) { description.stages[$0].written }
  }

  /// Distinct problems in file order. Stages that share an option or a matrix would report some more than once.
  var distinctProblems: [Problem] { problems.distinct().sorted { $0.place.precedes($1.place) } }

  var folder: String? { description.parameters[PipelineDescription.outputParameter]?.value }

  mutating func addProblem(_ place: SourcePosition, _ message: String, advice: String) {
    problems.append(place, message, advice: advice)
  }

  /// Decodes all stages and resolves their references. Nil stands for a stage of unknown kind.
  mutating func stages() -> [PipelineGraph.Stage?] {
    description.stages.map { stage in
      guard let kind = registry.kind(stage.kind.value) else {
        addProblem(
          stage.kind.place, "unknown stage kind “\(stage.kind.value)”",
          advice: Spelling.advice(for: stage.kind.value, among: registry.kinds.map { $0.name }))
        return nil
      }
      var decoder = OptionDecoder(stage, kind.options, beside: registry.stageKeys)
      let decoded = kind.init(decoding: &decoder)
      problems += decoder.problems
      decoded.check(&problems)
      var sources: [String: [PipelineGraph.Source]] = [:]
      for spec in kind.options {
        guard case .reference(let product, let mayBeFile) = spec.type, let option = stage.options[spec.name] else {
          continue
        }
        sources[spec.name] = option.values.flatMap { target in
          resolve(StageReference(option: spec.name, target: target, needs: product, mayBeFile: mayBeFile), of: stage)
        }
      }
      let sections = sections(stage.sections, at: stage.kind.place)
      let checked = PipelineGraph.Stage(stage, decoded, sources, sections)
      decoded.checkPlaces(checked.output(in: folder), &problems)
      return checked
    }
  }

  /// Decodes a stage's sections on top of the pipeline's.
  mutating func sections(_ own: StageDescription.Sections, at place: SourcePosition) -> [String: any PipelineSection] {
    var decoded: [String: any PipelineSection] = [:]
    for section in registry.sections {
      let common = description.sections[section.name] ?? [:]
      decoded[section.name] = section.init(own[section.name] ?? [:], over: common, at: place, &problems)
    }
    return decoded
  }

  /// Checks that standard input is read only once.
  mutating func standardInput(_ stages: [PipelineGraph.Stage]) {
    var reader: PipelineGraph.Stage?
    for stage in stages {
      for file in stage.kind.standardInputs {
        if let reader {
          addProblem(
            file.place, "“\(stage.written)” would read standard input\(Self.clash(of: stage, with: reader))",
            advice: "read it in one stage: several stages can take its stream")
        }
        reader = stage
      }
    }
  }

  /// Checks that only one stage writes to standard output, and nothing else is printed there.
  mutating func standardOutput(_ stages: [PipelineGraph.Stage]) {
    guard let writer = stages.first(where: \.kind.writesStandardOutput) else { return }
    let printing: [Product] = [.measures, .table, .study, .comparison, .counts]
    for stage in stages where stage.name != writer.name {
      guard stage.kind.writesStandardOutput || printing.contains(type(of: stage.kind).product) else { continue }
      let place = numbers[stage.written]?.first.map { self.place(of: $0) } ?? description.place
      addProblem(
        place, "“\(stage.written)” would print to standard output, where “\(writer.written)” writes its stream",
        advice: "give “\(writer.written)” a file to write to")
    }
  }

  /// Describes how two stages clash over something only one may do.
  static func clash(of stage: PipelineGraph.Stage, with other: PipelineGraph.Stage) -> String {
    if stage.name == other.name { return " twice" }
    return stage.written == other.written ? " for each value of its matrix" : ", as “\(other.written)” does"
  }

  /// Checks that the pipeline makes something, and that every stream is used.
  ///
  /// If a stage or its stream could not be decoded, nothing can be said about unused streams.
  mutating func purpose(_ stages: [PipelineGraph.Stage?]) {
    if stages.isEmpty && problems.isEmpty {
      addProblem(
        description.place, "expected a stage, found none: nothing to do", advice: "add one under stages:")
    }
    let isUnderstood = stages.allSatisfy { stage in
      stage.map { stage in stage.from == nil ? !stage.needsStream : stage.reader != nil } ?? false
    }
    guard isUnderstood && description.unreadable.isEmpty else { return }
    let taken = Set(stages.flatMap { $0.map { $0.makesStream ? [] : $0.upstream } ?? [] })
    let passedOn = Set(stages.compactMap { $0?.makesStream == true ? $0?.from : nil })
    let takenNames = Set(taken.map { description.stages[$0].written })
    for (number, stage) in stages.enumerated() {
      guard let stage, stage.makesStream, !taken.contains(number), !passedOn.contains(number) else { continue }
      let name = takenNames.contains(stage.written) ? stage.name : stage.written
      addProblem(
        place(of: number),
        "“\(name)” \(stage.isReader ? "reads" : "makes") a stream that no stage takes",
        advice: "add a stage with from: \(stage.written), or remove “\(name)”")
    }
  }

  /// Checks that no result would be made only to be thrown away. Other problems come first.
  mutating func places(_ stages: [PipelineGraph.Stage]) {
    guard problems.isEmpty else { return }
    let needed = Set(stages.flatMap(\.needs))
    let line = description.parameters.isEmpty ? "parameters: { out: FOLDER }" : "out: FOLDER to parameters"
    for (number, stage) in stages.enumerated() where !needed.contains(number) {
      guard type(of: stage.kind).product.isKeptInAFile, stage.kind.outputs.isEmpty, stage.output(in: folder) == nil
      else { continue }
      addProblem(
        place(of: number),
        "the result of “\(stage.written)” would be thrown away: it has no file, and no stage needs it",
        advice: "add \(line), or output: FILE to “\(stage.written)”")
    }
  }

  /// Refuses chains of more transforms than anyone would want.
  mutating func transforms(_ stages: [PipelineGraph.Stage?]) {
    for (number, stage) in stages.enumerated() where stage?.makesStream == false {
      guard var from = stage?.from, stage?.reader == nil else { continue }
      var passed: Set<Int> = []
      while let source = stages[from], source.passesStreamOn, passed.insert(from).inserted,
        let next = source.from
      {
        from = next
      }
      guard passed.count > PipelineGraph.mostTransforms, !passed.contains(from) else { continue }
      addProblem(
        place(of: number),
        "expected a stream through at most \(PipelineGraph.mostTransforms) stages, found \(passed.count)",
        advice: "combine some of the stages")
      return
    }
  }

  func place(of number: Int) -> SourcePosition { description.stages[number].kind.place }

  /// Groups each stream's reader with its consumers and orders the groups. Reports stages that wait for each other.
  mutating func units(_ stages: [PipelineGraph.Stage?]) -> [[Int]] {
    let order = UnitOrder(
      readers: stages.map { $0?.reader }, needs: stages.map { $0?.needs ?? [] }, sources: stages.map { $0?.from })
    let names = description.stages.map { "“\($0.written)”" }
    for cycle in order.cycles {
      let path = (cycle + cycle.prefix(1)).map { names[$0] }
      addProblem(
        place(of: cycle[0]), "a cycle of stages that wait for each other: \(path.joined(separator: " → "))",
        advice: "break the cycle")
    }
    for number in order.rereads {
      addProblem(
        place(of: number), "\(names[number]) takes a stream and also needs a result computed from that stream",
        advice: "add a second read stage for the same files")
    }
    return order.units
  }
}
