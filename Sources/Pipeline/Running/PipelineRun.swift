import Embeddings
import Foundation
import Geometry
import Logging
import Streams

/// Runs a checked pipeline: one unit of stages after another, the stages of a unit together.
///
/// A unit is a stream's reader with its consumers, joined by channels, or a stage alone. The first error of a unit cancels
/// its other stages and is the one thrown; outputs of units already done stay.
public struct PipelineRun: Sendable {
  private let graph: PipelineGraph
  private let plan: RunPlan
  private let log: Logger

  /// - Parameter from: the stage to start from; what it needs of earlier stages must be there.
  /// Throws ``PipelineError`` where it is not, or there is no such stage.
  public init(_ graph: PipelineGraph, from stage: String? = nil, log: Logger) throws {
    self.graph = graph
    self.log = log
    plan = try RunPlan(graph, from: stage)
  }

  /// What would run, a line a stage.
  public var description: String { plan.description }

  /// The measurements of each measuring stage that was run, by stage name, in the order they were made.
  public typealias Results = [(stage: String, measures: JSONValue, table: String)]

  /// Runs it. Throws the first error of a stage, or `CancellationError`.
  public func run() async throws -> Results {
    let scratch = try ScratchFolder(ifNeeded: plan.needsScratch)
    defer { scratch.remove() }
    try plan.prepareOutputs()
    let context = RunContext(log: log, scratch: scratch.path)
    var results: Results = []
    for unit in plan.units {
      try Task.checkCancellation()
      results += try await run(unit, context)
    }
    return results
  }

  private func run(_ unit: [Int], _ context: RunContext) async throws -> Results {
    if let reader = unit.first(where: { graph.stages[$0].kind is ReadStage }) {
      try await runStream(reader, to: unit.filter { $0 != reader }, context)
      return []
    }
    var results: Results = []
    for number in unit {
      let stage = graph.stages[number]
      switch stage.kind {
      case is MergeStage: try await merge(number, context)
      case let measure as MeasureStage:
        let measured = try await self.measure(measure, number, context)
        results.append((stage.name, measured.json, measured.measures.table))
      case let kind: preconditionFailure("nothing runs a stage of kind \(type(of: kind).name)")
      }
    }
    return results
  }

  private func consumer(_ number: Int, _ context: RunContext) -> any StreamConsumer {
    let stage = graph.stages[number]
    guard let accumulate = stage.kind as? AccumulateStage else {
      preconditionFailure("nothing takes a stream for a stage of kind \(type(of: stage.kind).name)")
    }
    return Accumulation(
      accumulate, name: stage.name, output: plan.artefact(number, scratch: context.scratch), context: context)
  }

  private func runStream(_ reader: Int, to numbers: [Int], _ context: RunContext) async throws {
    guard let read = graph.stages[reader].kind as? ReadStage, !numbers.isEmpty else { return }
    let inputs = try read.inputs()
    let meter = Meter(stage: graph.stages[reader].name, unit: "B", goal: ReadStage.totalBytes(inputs))
    let consumers = numbers.map { consumer($0, context) }
    let start = ContinuousClock.now
    let summary = try await watching([meter]) {
      let hub = StreamHub(EmbeddingReader(inputs: inputs, options: read.reading), meter: meter)
      return try await Self.flow(from: hub, to: consumers)
    }
    let bytes = summary.sources.map(\.bytes).reduce(0, +)
    let elapsed = ContinuousClock.now - start
    log.info(
      """
      \(meter.stage): \(summary.rows) samples from \(summary.sources.count) input(s), \(ByteCount.describe(bytes)), \
      in \(elapsed.formatted(.units(allowed: [.minutes, .seconds, .milliseconds], width: .narrow)))
      """)
    for consumer in consumers { try await consumer.finish(summary) }
  }

  /// Lets a stream flow to its consumers until it ends or something fails.
  private static func flow(from hub: StreamHub, to consumers: [any StreamConsumer]) async throws -> StreamSummary {
    try await withThrowingTaskGroup(of: StreamSummary?.self) { group in
      let channels = consumers.map { _ in BlockChannel() }
      group.addTask { try await hub.run(to: channels) }
      for (consumer, channel) in zip(consumers, channels) {
        group.addTask {
          try await consumer.consume(channel)
          return nil
        }
      }
      var summary = StreamSummary()
      for try await result in group {
        if let result { summary = result }
      }
      return summary
    }
  }

  private func merge(_ number: Int, _ context: RunContext) async throws {
    let stage = graph.stages[number]
    let files = plan.files(stage.sources["states"] ?? [], scratch: context.scratch)
    let meter = Meter(stage: stage.name, unit: "states", goal: files.count)
    let output = plan.artefact(number, scratch: context.scratch)
    try await watching([meter]) {
      try await Merging(name: stage.name, output: output, context: context, meter: meter).run(files)
    }
  }

  private func measure(_ kind: MeasureStage, _ number: Int, _ context: RunContext) async throws -> Measured {
    let stage = graph.stages[number]
    let files = plan.files(stage.sources["moments"] ?? [], scratch: context.scratch)
    guard let file = files.first, files.count == 1 else {
      throw PipelineError([
        Problem(
          kind.moments?.place ?? .option("moments"), "expected one state for “\(stage.name)”, found \(files.count)",
          advice: "measure one state, or merge them first")
      ])
    }
    let meter = Meter(stage: stage.name, unit: "tiles", goal: 0)
    let output = plan.output(number)
    return try await watching([meter]) {
      try await Measuring(kind, name: stage.name, meter: meter).run(file, output: output)
    }
  }

  /// Shows progress while `body` runs.
  private func watching<Result: Sendable>(
    _ meters: [Meter], _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    let display = ProgressDisplay(log: log)
    let show = Task { await display.show(meters) }
    do {
      let result = try await body()
      show.cancel()
      await show.value
      return result
    } catch {
      show.cancel()
      await show.value
      throw error
    }
  }
}
