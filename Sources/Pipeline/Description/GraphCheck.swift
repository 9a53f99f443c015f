import Embeddings
import Foundation
import Streams

/// A stage's reference to what another one makes.
private struct StageReference {
  let option: String
  let target: Located<String>
  let needs: Product
  /// Whether a file may stand in for a stage.
  let mayBeFile: Bool

  init(_ option: String, _ target: Located<String>, needs: Product, mayBeFile: Bool) {
    self.option = option
    self.target = target
    self.needs = needs
    self.mayBeFile = mayBeFile
  }
}

/// The checks, and what they find.
struct GraphCheck {
  private let description: PipelineDescription
  private(set) var problems: [Problem] = []
  /// Numbers of the stages of each written name.
  private let numbers: [String: [Int]]

  /// `problems` are those that reading the description found.
  init(_ description: PipelineDescription, found problems: [Problem]) {
    self.description = description
    self.problems = problems
    numbers = Dictionary(grouping: description.stages.indices) { description.stages[$0].written }
  }

  /// Each problem once, though two stages share an option of the command line or a place in a matrix, in the order of the
  /// file.
  var distinctProblems: [Problem] {
    var seen: Set<Problem> = []
    return problems.filter { seen.insert($0).inserted }.sorted { $0.place.precedes($1.place) }
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
      for spec in kind.options {
        guard case .reference(let product, let mayBeFile) = spec.type, let option = stage.options[spec.name] else {
          continue
        }
        sources[spec.name] = option.values.flatMap { target in
          resolve(StageReference(spec.name, target, needs: product, mayBeFile: mayBeFile), of: stage)
        }
      }
      let checked = PipelineGraph.Stage(stage, decoded, sources)
      decoded.checkPlaces(checked.output(in: folder), &problems)
      return checked
    }
  }

  private mutating func resolve(_ reference: StageReference, of stage: StageDescription) -> [PipelineGraph.Source] {
    let target = reference.target
    guard !description.unreadable.contains(target.value) else { return [] }
    guard let instances = numbers[target.value] else { return resolveFile(reference) }
    let made = instances.first.flatMap { StageKinds.named(description.stages[$0].kind.value)?.product }
    if let made, made != reference.needs {
      let fitting = description.stages.filter { StageKinds.named($0.kind.value)?.product == reference.needs }
      complain(
        target.place,
        "\(reference.option) of “\(stage.written)” needs \(reference.needs.phrase), but “\(target.value)” makes \(made.phrase)",
        advice: Spelling.advice(for: target.value, among: distinct(fitting.map(\.written))))
      return []
    }
    let joined = instances.filter { description.stages[$0].agrees(with: stage) }
    if joined.isEmpty {
      complain(
        target.place,
        "“\(target.value)” is not repeated for \(stage.values.map { "\($0.name) \($0.value)" }.joined(separator: ", "))",
        advice: "give both the same values")
    }
    return joined.map { .stage($0) }
  }

  private func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
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
      advice: Spelling.advice(for: target.value, among: distinct(description.stages.map(\.written))))
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
    var reader: PipelineGraph.Stage?
    for stage in stages {
      for file in (stage.kind as? ReadStage)?.files ?? [] where file.value == "-" {
        if let reader {
          complain(
            file.place, "“\(stage.written)” would read standard input\(Self.clash(of: stage, with: reader))",
            advice: "read it once: several stages can take one stream")
        }
        reader = stage
      }
    }
  }

  /// How two stages do one thing that only one can do.
  private static func clash(of stage: PipelineGraph.Stage, with other: PipelineGraph.Stage) -> String {
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
      stage.map { $0.kind is any StreamTakingStage ? $0.reader != nil : true } ?? false
    }
    guard isUnderstood && description.unreadable.isEmpty else { return }
    let taken = Set(stages.compactMap { $0?.reader })
    let takenNames = Set(taken.map { description.stages[$0].written })
    for (number, stage) in stages.enumerated() {
      guard let stage, stage.kind is ReadStage, !taken.contains(number) else { continue }
      let name = takenNames.contains(stage.written) ? stage.name : stage.written
      complain(
        place(of: number), "“\(name)” reads a stream that no stage takes: nothing would be made of it",
        advice: "add a stage with from: \(stage.written), or remove “\(name)”")
    }
  }

  /// No two outputs are one file, and none is an input, however the names are spelt.
  mutating func outputs(_ stages: [PipelineGraph.Stage]) {
    let inputs = FileReaders(stages)
    var writers: [String: PipelineGraph.Stage] = [:]
    for (stage, output) in allOutputs(of: stages) {
      let place = output.place ?? numbers[stage.written]?.first.map { self.place(of: $0) } ?? .option("--output")
      let file = FileIdentity(output.file)
      if let other = writers.updateValue(stage, forKey: file.path) {
        complain(
          place, "“\(stage.written)” would write \(output.file)\(Self.clash(of: stage, with: other))",
          advice: stage.written == other.written && stage.name != other.name
            ? "put \(stage.values.map { "${\($0.name)}" }.joined(separator: " and ")) into its name"
            : "give each output a name of its own")
      }
      if let reader = inputs.reader(of: file) {
        complain(
          place,
          "“\(stage.written)” would write \(output.file), which \(reader.name == stage.name ? "it" : "“\(reader.written)”") reads",
          advice: reader.name == stage.name || output.place?.isOnCommandLine == true
            ? "write to another file"
            : "write to another file, or let “\(reader.written)” name the stage “\(stage.written)” instead")
      }
    }
  }

  /// Standard names first, so that of two outputs the later is one that the user wrote, where either is.
  private func allOutputs(
    of stages: [PipelineGraph.Stage]
  ) -> [(stage: PipelineGraph.Stage, output: PipelineGraph.Stage.Output)] {
    let all = stages.flatMap { stage in stage.outputs(in: folder).map { (stage: stage, output: $0) } }
    return all.filter { $0.output.place == nil } + all.filter { $0.output.place != nil }
  }

  private func place(of number: Int) -> Place { description.stages[number].kind.place }

  /// Groups each stream's reader with its consumers, and orders the groups; complains of stages that wait for each other.
  mutating func units(_ stages: [PipelineGraph.Stage?]) -> [[Int]] {
    let order = UnitOrder(readers: stages.map { $0?.reader }, needs: stages.map { $0?.needs ?? [] })
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
