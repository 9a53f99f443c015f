import Storage

extension GraphCheck {
  /// Checks that no stage reads what another writes to a pipe or device, and that nothing would lie beside one.
  mutating func pipes(_ stages: [PipelineGraph.Stage?]) {
    for stage in stages.compactMap(\.self) { besidePipe(stage) }
    for (number, reader) in stages.enumerated() {
      guard let reader else { continue }
      for maker in Set(reader.needs).sorted() {
        guard let made = stages[maker], let output = made.output(in: folder), PipeOutput.isOne(output) else { continue }
        unreadable(output, of: made, by: reader)
      }
      let options = description.stages[number].options
      for input in type(of: reader.kind).sideInputs {
        let sources = reader.sources[input.option] ?? []
        guard case .stage(let maker)? = sources.first, sources.count == 1, let made = stages[maker],
          input.isAllThatIsTaken || options[input.name] == nil,
          let output = made.kind.sideOutput(input.name, beside: made.output(in: folder) ?? ""),
          PipeOutput.isOne(output)
        else { continue }
        unreadable(output, of: made, by: reader)
      }
    }
  }

  private mutating func unreadable(
    _ output: String, of maker: PipelineGraph.Stage, by reader: PipelineGraph.Stage
  ) {
    addProblem(
      place(of: output, maker),
      "“\(maker.written)” writes \(output), a pipe or device, which “\(reader.written)” cannot read again",
      advice: "write to a file")
  }

  /// Files that a stage would write beside its output because the user names no place for them.
  private mutating func besidePipe(_ stage: PipelineGraph.Stage) {
    guard let name = stage.outputName(in: folder), PipeOutput.isOne(name) else { return }
    let named = Set(stage.kind.outputs.map(\.value) + [name])
    for output in stage.outputs(in: folder) where !named.contains(output.file) {
      addProblem(
        place(of: name, stage),
        "“\(stage.written)” would write \(output.file) too, which cannot lie beside \(name), a pipe or device",
        advice: "write to a file, or name every output")
    }
  }

  private func place(of output: String, _ stage: PipelineGraph.Stage) -> SourcePosition {
    stage.kind.outputs.first { $0.value == output }?.place ?? numbers[stage.written]?.first.map { place(of: $0) }
      ?? .option("--output")
  }
}
