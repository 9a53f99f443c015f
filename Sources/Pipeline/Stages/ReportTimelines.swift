extension GraphCheck {
  /// A report's timeline is of a stage that writes one; else that would come out after the whole stream.
  mutating func timelines(_ stages: [PipelineGraph.Stage?]) {
    for (number, stage) in stages.enumerated() where stage?.kind is ReportStage {
      guard let option = description.stages[number].options["timeline"] else { continue }
      for case .stage(let maker) in stage?.sources["timeline"] ?? [] {
        guard let made = stages[maker], (made.kind as? AccumulateStage)?.measureEvery == nil else { continue }
        complain(
          option.values.first?.place ?? option.place,
          "expected a stage that writes a timeline, found “\(made.written)”, which writes none",
          advice: made.kind is AccumulateStage
            ? "add measure-every: 1e6 to “\(made.written)”, or leave timeline out" : "leave timeline out")
      }
    }
  }
}
