import Embeddings
import Foundation
import Streams

/// The checks, and what they find.
struct GraphCheck {
  private let description: PipelineDescription
  private(set) var problems: [Problem] = []

  /// `problems` are those that reading the description found.
  init(_ description: PipelineDescription, found problems: [Problem]) {
    self.description = description
    self.problems = problems
  }

  /// Each problem once, though two stages share an option of the command line, in the order of the file.
  var distinctProblems: [Problem] {
    var distinct: [Problem] = []
    for problem in problems where !distinct.contains(problem) { distinct.append(problem) }
    return distinct.sorted { $0.place.precedes($1.place) }
  }

  private var folder: String? { description.parameters[PipelineDescription.outputParameter]?.value }

  private mutating func complain(_ place: Place, _ message: String, advice: String) {
    problems.append(Problem(place, message, advice: advice))
  }

  /// Decodes all stages and resolves their references; nil for one of no known kind.
  mutating func stages() -> [PipelineGraph.Stage?] {
    description.stages.map { stage in
      guard let kind = StageKinds.named(stage.kind.value) else {
        complain(
          stage.kind.place, "unknown stage kind “\(stage.kind.value)”",
          advice: Spelling.advice(for: stage.kind.value, among: StageKinds.all.map { $0.name }))
        return nil
      }
      var decoder = OptionDecoder(stage, kind.options)
      let decoded = kind.init(decoding: &decoder)
      problems += decoder.problems
      decoded.check(&problems)
      var sources: [String: [PipelineGraph.Source]] = [:]
      for reference in decoded.references {
        sources[reference.option, default: []] += resolve(reference, of: stage)
      }
      let checked = PipelineGraph.Stage(name: stage.name, kind: decoded, sources: sources)
      decoded.checkPlaces(checked.output(in: folder), &problems)
      return checked
    }
  }

  private mutating func resolve(_ reference: StageReference, of stage: StageDescription) -> [PipelineGraph.Source] {
    let target = reference.target
    guard !description.unreadable.contains(target.value) else { return [] }
    guard let number = description.stages.firstIndex(where: { $0.name == target.value }) else {
      return resolveFile(reference)
    }
    let made = StageKinds.named(description.stages[number].kind.value)?.product
    if let made, made != reference.needs {
      let fitting = description.stages.filter { StageKinds.named($0.kind.value)?.product == reference.needs }
      complain(
        target.place,
        "\(reference.option) of “\(stage.name)” needs \(reference.needs.phrase), but “\(target.value)” makes \(made.phrase)",
        advice: Spelling.advice(for: target.value, among: fitting.map(\.name)))
      return []
    }
    return [.stage(number)]
  }

  private mutating func resolveFile(_ reference: StageReference) -> [PipelineGraph.Source] {
    let target = reference.target
    if reference.mayBeFile {
      do {
        return try InputFiles.expand([target.value]).map { .file($0) }
      } catch let error as any DiagnosedError {
        // On the command line a reference is a file; in a pipeline file it is rather a stage misspelt.
        if case .option = target.place {
          problems.append(Problem(target.place, error))
          return []
        }
      } catch {}
    }
    complain(
      target.place, "no stage\(reference.mayBeFile ? " and no file" : "") “\(target.value)”",
      advice: Spelling.advice(for: target.value, among: description.stages.map(\.name)))
    return []
  }

  /// The folder for outputs can be one.
  mutating func outputFolder() {
    guard let folder = description.parameters[PipelineDescription.outputParameter] else { return }
    let found: String
    if folder.value.allSatisfy(\.isWhitespace) {
      found = "nothing"
    } else if let file = Self.fileInTheWay(of: folder.value) {
      found = "\(file), which is a file"
    } else {
      return
    }
    complain(
      folder.place, "expected a folder for \(PipelineDescription.outputParameter), found \(found)",
      advice: "name a folder, or leave the parameter out")
  }

  /// The first part of a path that is there and no folder.
  private static func fileInTheWay(of path: String) -> String? {
    var path = FileIdentity(path).path
    var isDirectory: ObjCBool = false
    while !FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
      guard path != "/" else { return nil }
      path = (path as NSString).deletingLastPathComponent
    }
    return isDirectory.boolValue ? nil : path
  }

  /// Standard input is read once.
  mutating func standardInput(_ stages: [PipelineGraph.Stage]) {
    var reader: String?
    for stage in stages {
      for file in (stage.kind as? ReadStage)?.files ?? [] where file.value == "-" {
        if let reader {
          complain(
            file.place,
            "“\(stage.name)” would read standard input\(reader == stage.name ? " twice" : ", as “\(reader)” does")",
            advice: "read it once: several stages can take one stream")
        }
        reader = stage.name
      }
    }
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
      stage.map { $0.kind is any StreamTakingStage ? $0.reader != nil : true } ?? false
    }
    guard isUnderstood && description.unreadable.isEmpty else { return }
    let taken = Set(stages.compactMap { $0?.reader })
    for (number, stage) in stages.enumerated() {
      guard let stage, stage.kind is ReadStage, !taken.contains(number) else { continue }
      complain(
        place(of: number), "“\(stage.name)” reads a stream that no stage takes: nothing would be made of it",
        advice: "add a stage with from: \(stage.name), or remove “\(stage.name)”")
    }
  }

  /// No two outputs are one file, and none is an input, however the names are spelt.
  mutating func outputs(_ stages: [PipelineGraph.Stage]) {
    let inputs = stages.flatMap { stage in stage.inputFiles.map { (FileIdentity($0), stage.name) } }
    var writers: [String: String] = [:]
    for (stage, output) in allOutputs(of: stages) {
      let place = output.place ?? description.stages.first { $0.name == stage }?.kind.place ?? .option("--output")
      let file = FileIdentity(output.file)
      if let other = writers.updateValue(stage, forKey: file.path) {
        complain(
          place, "“\(stage)” would write \(output.file)\(other == stage ? " twice" : ", as “\(other)” does")",
          advice: "give each output a name of its own")
      }
      if let reader = inputs.first(where: { $0.0.isSameFile(as: file) })?.1 {
        complain(
          place, "“\(stage)” would write \(output.file), which \(reader == stage ? "it" : "“\(reader)”") reads",
          advice: reader == stage || output.place?.isOnCommandLine == true
            ? "write to another file" : "write to another file, or let “\(reader)” name the stage “\(stage)” instead")
      }
    }
  }

  /// Standard names first, so that of two outputs the later is one that the user wrote, where either is.
  private func allOutputs(of stages: [PipelineGraph.Stage]) -> [(stage: String, output: PipelineGraph.Stage.Output)] {
    let all = stages.flatMap { stage in stage.outputs(in: folder).map { (stage: stage.name, output: $0) } }
    return all.filter { $0.output.place == nil } + all.filter { $0.output.place != nil }
  }

  private func place(of number: Int) -> Place { description.stages[number].kind.place }

  /// Groups each stream's reader with its consumers, and orders the groups; complains of stages that wait for each other.
  mutating func units(_ stages: [PipelineGraph.Stage?]) -> [[Int]] {
    let order = UnitOrder(readers: stages.map { $0?.reader }, needs: stages.map { $0?.needs ?? [] })
    let names = description.stages.map { "“\($0.name)”" }
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
