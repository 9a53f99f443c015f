import Foundation
import Support

/// The checks, and what they find.
struct GraphCheck {
  let description: PipelineDescription
  let registry: KindRegistry
  var problems: [Problem] = []
  /// Numbers of the stages of each written name.
  let numbers: [String: [Int]]

  /// `problems` are those that reading the description found.
  init(_ description: PipelineDescription, in registry: KindRegistry, found problems: [Problem]) {
    (self.registry, self.description, self.problems) = (registry, description, problems)
    numbers = Dictionary(grouping: description.stages.indices) { description.stages[$0].written }
  }

  /// Each problem once, though two stages share an option of the command line or a place in a matrix, in the order of the
  /// file.
  var distinctProblems: [Problem] {
    var seen: Set<Problem> = []
    return problems.filter { seen.insert($0).inserted }.sorted { $0.place.precedes($1.place) }
  }

  var folder: String? { description.parameters[PipelineDescription.outputParameter]?.value }

  mutating func complain(_ place: Place, _ message: String, advice: String) {
    problems.append(place, message, advice: advice)
  }

  /// Decodes all stages and resolves their references; nil for one of no known kind.
  mutating func stages() -> [PipelineGraph.Stage?] {
    description.stages.map { stage in
      guard let kind = registry.kind(stage.kind.value) else {
        complain(
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
          resolve(StageReference(spec.name, target, needs: product, mayBeFile: mayBeFile), of: stage)
        }
      }
      let sections = sections(stage.sections, at: stage.kind.place)
      let checked = PipelineGraph.Stage(stage, decoded, sources, sections)
      decoded.checkPlaces(checked.output(in: folder), &problems)
      return checked
    }
  }

  /// Decodes the sections of a stage over those of the pipeline.
  mutating func sections(_ own: StageDescription.Sections, at place: Place) -> [String: any PipelineSection] {
    var decoded: [String: any PipelineSection] = [:]
    for section in registry.sections {
      let common = description.sections[section.name] ?? [:]
      decoded[section.name] = section.init(own[section.name] ?? [:], over: common, at: place, &problems)
    }
    return decoded
  }

  /// Standard input is read once.
  mutating func standardInput(_ stages: [PipelineGraph.Stage]) {
    var reader: PipelineGraph.Stage?
    for stage in stages {
      for file in stage.kind.standardInputs {
        if let reader {
          complain(
            file.place, "“\(stage.written)” would read standard input\(Self.clash(of: stage, with: reader))",
            advice: "read it once: several stages can take one stream")
        }
        reader = stage
      }
    }
  }

  /// Standard output is written by one stage, and then holds nothing else.
  mutating func standardOutput(_ stages: [PipelineGraph.Stage]) {
    guard let writer = stages.first(where: \.kind.writesStandardOutput) else { return }
    let printing: [Product] = [.measures, .table, .study, .counts]
    for stage in stages where stage.name != writer.name {
      guard stage.kind.writesStandardOutput || printing.contains(type(of: stage.kind).product) else { continue }
      let place = numbers[stage.written]?.first.map { self.place(of: $0) } ?? description.place
      complain(
        place, "“\(stage.written)” would print where “\(writer.written)” writes its stream, to standard output",
        advice: "let “\(writer.written)” write to a file")
    }
  }

  /// How two stages do one thing that only one can do.
  static func clash(of stage: PipelineGraph.Stage, with other: PipelineGraph.Stage) -> String {
    if stage.name == other.name { return " twice" }
    return stage.written == other.written ? " for each value of its matrix" : ", as “\(other.written)” does"
  }

  /// Something is made, and of every stream that is read.
  ///
  /// Where a stage or the stream it takes is not understood, nobody can say that a stream is not taken.
  mutating func purpose(_ stages: [PipelineGraph.Stage?]) {
    if stages.isEmpty && problems.isEmpty {
      complain(
        description.place, "expected a stage, found none: nothing would be made", advice: "add one under stages:")
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
      complain(
        place(of: number),
        "“\(name)” \(stage.isReader ? "reads" : "makes") a stream that no stage takes: nothing would be made of it",
        advice: "add a stage with from: \(stage.written), or remove “\(name)”")
    }
  }

  /// Refuses ways of a stream through more stages than anyone means.
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
      complain(
        place(of: number),
        "expected a stream that comes through at most \(PipelineGraph.mostTransforms) stages, found \(passed.count)",
        advice: "put what they do into fewer stages")
      return
    }
  }

  func place(of number: Int) -> Place { description.stages[number].kind.place }

  /// Groups each stream's reader with its consumers, and orders the groups; complains of stages that wait for each other.
  mutating func units(_ stages: [PipelineGraph.Stage?]) -> [[Int]] {
    let order = UnitOrder(
      readers: stages.map { $0?.reader }, needs: stages.map { $0?.needs ?? [] }, sources: stages.map { $0?.from })
    let names = description.stages.map { "“\($0.written)”" }
    for cycle in order.cycles {
      let path = (cycle + cycle.prefix(1)).map { names[$0] }
      complain(
        place(of: cycle[0]), "a cycle of stages that wait for each other: \(path.joined(separator: " → "))",
        advice: "break the cycle")
    }
    for number in order.rereads {
      complain(
        place(of: number), "\(names[number]) reads a stream and needs what is made of the same stream",
        advice: "read it a second time: add another read stage of the same files")
    }
    return order.units
  }
}
