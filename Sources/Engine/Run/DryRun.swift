import Plan
import Support

/// Forecasts a run: why each stage runs, what it takes, its memory, and every file it writes with its size, as far as
/// known beforehand.
///
/// Reads the headers of inputs and writes nothing.
package actor DryRun {
  package let graph: PipelineGraph
  package let plan: RunPlan
  package let freshness: [Int: Freshness]
  /// Stages that run. A stage that makes a stream counts only if a stage that must run takes it.
  private let running: Set<Int>
  private let executor = DedicatedExecutor("dry-run")
  /// Forecasts made so far.
  private var forecasts: [Int: StageForecast] = [:]

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameter freshness: of the stages that make artefacts.
  package init(_ graph: PipelineGraph, _ plan: RunPlan, _ freshness: [Int: Freshness]) {
    (self.freshness, self.graph, self.plan) = (freshness, graph, plan)
    let made = graph.stages.indices.filter { !graph.stages[$0].makesStream && freshness[$0] != .fresh }
    running = Set(made).union(made.filter(plan.runs).flatMap { graph.stages[$0].upstream })
  }

  /// Throws if an input cannot be read.
  func text() throws -> String {
    let order = plan.units.enumerated().flatMap { index, unit in unit.map { (unit: index + 1, stage: $0) } }
    var alike: [String: Int] = [:]
    for key in graph.stages.indices.compactMap(likeness) { alike[key, default: 0] += 1 }
    var sections: [String] = []
    for (unit, number) in order {
      guard let key = likeness(number) else {
        sections.append(try section(number, unit: unit))
        continue
      }
      guard let count = alike.removeValue(forKey: key) else { continue }
      let more = count > 1 ? "\n  and \(count - 1) more shard\(count > 2 ? "s" : "") like it" : ""
      sections.append(try section(number, unit: unit) + more)
    }
    return sections.joined(separator: "\n") + "\n"
  }

  /// A key that equal shards share, so that only one of them is listed; nil if the stage is not a shard.
  private func likeness(_ number: Int) -> String? {
    let stage = graph.stages[number]
    return stage.shard.map { "\($0.stage) \(type(of: stage.kind).name) \(isRun(number))" }
  }

  /// A stage's heading, with its step in the run, and the lines under it.
  private func section(_ number: Int, unit: Int) throws -> String {
    let stage = graph.stages[number]
    var facts: [(String, [String])] = [("why", [plan.reason(number, freshness)])]
    facts += isRun(number) ? try work(of: number) : [("keeps", files(number).map(Self.kept))]
    let lines = facts.flatMap { label, texts in
      texts.enumerated().map { ["  ", $0.offset == 0 ? label : "", $0.element] }
    }
    let heading = VisibleText.line("\(unit). \(stage.name) (\(type(of: stage.kind).name))")
    return heading + "\n" + TextTable(lines, rightAligned: 0...0).text
  }

  private func isRun(_ number: Int) -> Bool { running.contains(number) }

  /// An unchanged file, with its size.
  private static func kept(_ file: String) -> String {
    let bytes = FileSizes.total([file])
    return bytes > 0 ? "\(file): \(ByteCount.describe(bytes))" : file
  }

  /// What a stage takes and makes, by label.
  private func work(of number: Int) throws -> [(String, [String])] {
    let stage = graph.stages[number]
    let forecast = try forecast(number)
    let taken = type(of: stage.kind).options.compactMap { option in
      stage.sources[option.name].map { sources in
        (option.name, GraphPicture.few(sources.compactMap { $0.file { graph.stages[$0].name } }))
      }
    }
    return taken + [
      ("reads", GraphPicture.few(stage.kind.inputFiles)), ("finds", forecast.notes),
      ("memory", memory(of: stage, forecast)),
      ("writes", files(number).map { "\($0): \(forecast.sizes[$0] ?? "size unknown")" }),
    ]
  }

  private func memory(of stage: PipelineGraph.Stage, _ forecast: StageForecast) -> [String] {
    if let memory = forecast.memory { return [memory] }
    switch type(of: stage.kind).product {
    case .stream: return ["included in the stages that take it"]
    case .table, .study, .counts, .report: return ["little"]
    case .moments, .decisions, .measures, .comparison, .samples: return ["unknown until its input exists"]
    }
  }

  /// Every file it writes, including those for other stages in scratch space.
  private func files(_ number: Int) -> [String] {
    let kept = graph.stages[number].outputs(in: graph.outputFolder).map(\.file)
    guard kept.isEmpty, let scratch = plan.place(number, scratch: Self.scratch) else { return kept }
    return graph.stages[number].kind.artefactFiles(scratch)
  }

  /// A placeholder for a folder made during the run.
  private static let scratch = "(scratch)"

  /// What is known about a stage before it runs.
  package func forecast(_ number: Int) throws -> StageForecast {
    if let known = forecasts[number] { return known }
    let stage = graph.stages[number]
    let outlook = ForecastInputs(
      stream: try stage.upstream.last.flatMap { try forecast($0).stream },
      artefacts: { try (stage.sources[$0] ?? []).flatMap(self.artefacts) },
      output: plan.place(number, scratch: Self.scratch),
      references: stage.sources.values.map(\.count).reduce(0, +))
    let made = try stage.forecasting?.forecast(outlook) ?? StageForecast()
    forecasts[number] = made
    return made
  }

  /// Existing files, or what is known about each one still to be made.
  private func artefacts(_ source: PipelineGraph.Source) throws -> [ForecastInputs.Artefact] {
    guard case .stage(let number) = source else { return graph.files(of: source) { _ in nil }?.map { .file($0) } ?? [] }
    if !plan.runs(number) || freshness[number] == .fresh, let files = graph.files(of: source, plan.output) {
      return files.map { .file($0) }
    }
    let made = try forecast(number).artefact
    return (0..<graph.fileCount(of: source)).map { _ in .toBeMade(made) }
  }
}
