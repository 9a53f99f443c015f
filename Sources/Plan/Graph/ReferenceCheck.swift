import Storage
import Support

/// A stage's reference to the product of another.
struct StageReference {
  let option: String
  let target: Located<String>
  let needs: Product
  /// Whether a file may be named instead of a stage.
  let mayBeFile: Bool
}

extension GraphCheck {
  /// The stages or files that a reference names. Reports a target that does not exist or is of the wrong kind.
  mutating func resolve(_ reference: StageReference, of stage: StageDescription) -> [PipelineGraph.Source] {
    let target = reference.target
    guard !description.unreadable.contains(target.value) else { return [] }
    guard let instances = numbers[target.value] else { return resolveFile(reference) }
    let made = instances.first.flatMap { registry.kind(description.stages[$0].kind.value)?.product }
    if let made, made != reference.needs {
      addProblem(
        target.place,
        "\(reference.option) of “\(stage.written)” needs \(reference.needs.phrase), but “\(target.value)” makes \(made.phrase)",
        advice: advice(for: reference, of: stage, made: made))
      return []
    }
    let joined = instances.filter { description.stages[$0].agrees(with: stage) }
    if joined.isEmpty {
      addProblem(
        target.place,
        "“\(target.value)” is not repeated for \(stage.values.map { "\($0.name) \($0.value)" }.joined(separator: ", "))",
        advice: "give both the same values")
    }
    return joined.map { .stage($0) }
  }

  /// How to refer to what the named stage makes, or which stage to name instead.
  private func advice(for reference: StageReference, of stage: StageDescription, made: Product) -> String {
    let target = reference.target.value
    let consumers = registry.kind(stage.kind.value)?.options.filter { $0.needs == made } ?? []
    if let taker = consumers.first(where: { $0.isList || stage.options[$0.name] == nil }) {
      return "write \(taker.name): \(target)"
    }
    let makers = registry.kinds.filter { $0.product == reference.needs }.map { $0.name }
    let fitting = description.stages.filter { makers.contains($0.kind.value) }.map(\.written).distinct()
    guard fitting.isEmpty, !makers.isEmpty else {
      return Spelling.advice(for: target, among: fitting, after: problems.count)
    }
    return "add a stage with uses: \(makers.joined(separator: " or ")), and name it here"
  }

  private mutating func resolveFile(_ reference: StageReference) -> [PipelineGraph.Source] {
    let target = reference.target
    if reference.mayBeFile {
      do {
        return try InputFiles.expand([target.value]).map { .file($0) }
      } catch let error as any DiagnosedError {
        // On the command line a reference is a file. In a pipeline file a missing one is more likely a misspelled stage.
        let isMissing = (error as? StreamError)?.kind == .missing && HomeFolder.advice(for: target.value) == nil
        if target.place.isOnCommandLine || !isMissing {
          problems.append(Problem(target.place, error))
          return []
        }
      } catch {}
    }
    addProblem(
      target.place, "no stage\(reference.mayBeFile ? " and no file" : "") “\(target.value)”",
      advice: Spelling.advice(
        for: target.value, among: description.stages.map(\.written).distinct(), after: problems.count))
    return []
  }
}
