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
  private let requests: CheckpointRequests
  private let restarts: Bool
  /// Told how many rows of a stream are done with, as it flows; see ``StreamHub``.
  var rowsAreDone: @Sendable (Int) -> Void = { _ in }

  /// - Parameters:
  ///   - from: the stage to start from; what it needs of earlier stages must be there.
  ///   - restarts: whether to start over instead of going on from checkpoints.
  ///   - requests: of stages to keep what they have done.
  /// Throws ``PipelineError`` where it is not, or there is no such stage.
  public init(
    _ graph: PipelineGraph, from stage: String? = nil, restarts: Bool = false,
    requests: CheckpointRequests = CheckpointRequests(), log: Logger
  ) throws {
    self.graph = graph
    self.log = log
    self.requests = requests
    self.restarts = restarts
    plan = try RunPlan(graph, from: stage)
  }

  /// What would run, why, and what is known of its memory and outputs, for people; see ``DryRun``.
  ///
  /// Throws where an input cannot be read.
  public func dryRun() async throws -> String { try await DryRun(graph, plan).text() }

  /// What each stage that measures or collects made, by stage name, in the order they were run.
  public typealias Results = [(stage: String, measures: JSONValue, table: String)]

  /// Runs it. Throws the first error of a stage, or `CancellationError`.
  public func run() async throws -> Results {
    let scratch = try ScratchFolder(ifNeeded: plan.needsScratch)
    defer { scratch.remove() }
    try plan.prepareOutputs()
    let context = RunContext(log: log, scratch: scratch.path, checkpoints: requests, restarts: restarts)
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
      if let result = try await makeArtefact(number, context) {
        results.append((graph.stages[number].name, result.json, result.table))
      }
    }
    return results
  }

  /// `StageKindTests` holds every registered kind to being a reader, a taker of a stream, or a maker of an artefact.
  private func makeArtefact(_ number: Int, _ context: RunContext) async throws -> (any StageResult)? {
    let stage = graph.stages[number]
    guard let kind = stage.kind as? any ArtefactStage else {
      preconditionFailure(
        "a stage of kind \(type(of: stage.kind).name) neither reads, nor takes a stream, nor makes anything")
    }
    let run = StageRun(
      name: stage.name, files: stage.sources.mapValues { plan.files($0, scratch: context.scratch) },
      makers: stage.sources.mapValues { $0.map(graph.maker(of:)) },
      output: plan.place(number, scratch: context.scratch),
      context: context, meter: Meter(stage: stage.name, unit: type(of: kind).progressUnit, goal: 0))
    return try await watching([run.meter]) { try await kind.run(run) }
  }

  private func consumer(_ number: Int, _ context: RunContext) -> any StreamConsumer {
    let stage = graph.stages[number]
    guard let kind = stage.kind as? any StreamTakingStage else {
      preconditionFailure("a stage of kind \(type(of: stage.kind).name) refers to a stream and takes none")
    }
    return kind.consumer(
      name: stage.name, files: stage.sources.mapValues { plan.files($0, scratch: context.scratch) },
      output: plan.artefact(number, scratch: context.scratch), context: context)
  }

  private func runStream(_ reader: Int, to numbers: [Int], _ context: RunContext) async throws {
    guard let read = graph.stages[reader].kind as? ReadStage, !numbers.isEmpty else { return }
    let inputs = try read.inputs()
    let meter = Meter(stage: graph.stages[reader].name, unit: "B", goal: ReadStage.totalBytes(inputs))
    let consumers = numbers.map { consumer($0, context) }
    let stamps = InputStamps(inputs)
    var found: [CheckpointStore.Header?] = []
    for consumer in consumers { found.append(try await consumer.resume(stamps, reading: read.recipe)) }
    let begin = StreamStart(found.map { $0?.position }, stamps, then: found.first??.inputs)
    tell(begin, meter.stage)
    let start = ContinuousClock.now
    let summary = try await watching([meter]) {
      var options = read.reading
      options.leavesFinitenessToConsumers = consumers.contains(where: \.checksFiniteness)
      let hub = StreamHub(inputs, options: options, from: begin, meter: meter, rowsAreDone: rowsAreDone)
      return try await Self.flow(from: hub, begin.shape, to: consumers)
    }
    let bytes = summary.sources.map(\.bytes).reduce(0, +)
    let elapsed = ContinuousClock.now - start
    log.info(
      """
      \(meter.stage): \(summary.rows) samples from \(summary.sources.count) input(s), \(ByteCount.describe(bytes)), \
      in \(elapsed.formatted(.units(allowed: [.minutes, .seconds, .milliseconds], width: .narrow)))
      """)
    rowsAreDone(summary.rows)
    for consumer in consumers { try await consumer.finish(summary) }
  }

  private func tell(_ start: StreamStart, _ name: String) {
    switch start {
    case .beginning: break
    case .after(let position):
      log.info("\(name): going on from a checkpoint after \(ProgressDisplay.grouped(position.samples)) samples")
    case .again(let position):
      log.info(
        "\(name): going on from a checkpoint after \(ProgressDisplay.grouped(position.samples)) samples, which are read again to see that they are the same"
      )
    }
  }

  /// Lets a stream flow to its consumers until it ends or something fails.
  ///
  /// - Parameter shape: of the rows, where it is known from before.
  private static func flow(
    from hub: StreamHub, _ shape: StreamShape?, to consumers: [any StreamConsumer]
  ) async throws -> StreamSummary {
    var shape = shape
    if shape == nil { shape = try await hub.shape() }
    if let shape {
      for consumer in consumers { try await consumer.prepare(shape) }
    }
    do {
      let summary = try await flow(from: hub, through: consumers)
      try await hub.checkIntact()
      return summary
    } catch let error where !(error is CancellationError) {
      // What is wrong with a file that changed meanwhile is that it changed.
      try await hub.checkIntact()
      throw error
    }
  }

  private static func flow(
    from hub: StreamHub, through consumers: [any StreamConsumer]
  ) async throws -> StreamSummary {
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
