import Formats
import Foundation
import Logging
import Plan
import Storage
import Support

/// Runs a checked pipeline: one unit of stages after another, the stages of a unit together.
///
/// A unit is a stream's reader with its consumers, joined by channels, or a stage alone. The first error of a unit cancels
/// its other stages and is the one thrown; outputs of units already done stay.
public struct PipelineRun: Sendable {
  let graph: PipelineGraph
  let plan: RunPlan
  private let log: Logger
  private let requests: CheckpointRequests
  let reuse: Reuse
  private let options: ProcessOptions
  private let spill: String?
  /// By the number of the stage.
  let meters: [Meter]
  /// Told how many rows of a stream are done with, as it flows; see ``StreamHub``.
  package var rowsAreDone: @Sendable (Int) -> Void = { _ in }

  /// What of an earlier run is taken as it is.
  public enum Reuse: Sendable, Equatable {
    /// Every stage runs, but goes on from a checkpoint; nothing is kept for later runs to tell by.
    case nothing
    /// As ``nothing``, and from the beginning.
    case nothingAtAll
    /// Artefacts that are what their stages would make now.
    case unchanged
    /// Every stage runs, and from the beginning; what later runs tell by is kept.
    case restart

    var keepsRecords: Bool { self == .unchanged || self == .restart }
    var restarts: Bool { self == .nothingAtAll || self == .restart }
  }

  /// - Parameters:
  ///   - from: the stage to start from; what it needs of earlier stages must be there.
  ///   - only: stages of which no others are run, but for those that their streams come through; all where it is empty.
  ///   - reuse: what of an earlier run is taken as it is.
  ///   - scratch: a folder for what stages that name none find no memory for; by default that of their outputs.
  ///   - requests: of stages to keep what they have done.
  /// Throws ``PipelineError`` where it is not, or there is no such stage.
  public init(
    _ graph: PipelineGraph, from stage: String? = nil, only stages: [String] = [], reuse: Reuse = .nothing,
    requests: CheckpointRequests = CheckpointRequests(), log: Logger, options: ProcessOptions = ProcessOptions(),
    scratch: String? = nil
  ) throws {
    spill = scratch
    (self.graph, self.log, self.requests, self.reuse) = (graph, log, requests, reuse)
    self.options = options
    plan = try RunPlan(graph, from: stage, only: stages)
    meters = plan.meters
  }

  /// What would run, why, and what is known of its memory and outputs, for people; see ``DryRun``.
  ///
  /// Throws where an input cannot be read.
  public func dryRun() async throws -> String {
    let freshness = try await FreshnessCheck(graph, plan, reuse).forecast()
    return try await DryRun(graph, plan, freshness).text()
  }

  /// What each stage that measures or collects made, by stage name, in the order they were run.
  public typealias Results = [(stage: String, measures: JSONValue, table: String)]

  /// Runs it, as the only run that writes its outputs. Throws the first error of a stage, or `CancellationError`.
  public func run() async throws -> Results {
    try plan.prepareOutputs()
    let outputs = plan.outputs
    let locks = try await OutputLocks.take(outputs, run: graph.name, log: log)
    let status = RunStatus(graph.name, plan.units.joined().map { meters[$0] })
    return try await locks.holding {
      let (file, lock) = await statusFile()
      defer { lock?.release() }
      let watch = RunWatch(status: status, log: log, options: options, file: file)
      let results = try await watch.during { try await runUnits() }
      for line in RunSummary(status, outputs: made).lines { log.info("\(line)") }
      return results
    }
  }

  /// The files of stages that ran.
  private var made: [String] {
    plan.units.joined().filter { meters[$0].state == .done }
      .flatMap { graph.stages[$0].outputs(in: graph.outputFolder).map(\.file) }
  }

  /// Where the status is kept. Runs of other outputs may share a folder: the first of them keeps it there.
  private func statusFile() async -> (file: String?, lock: OutputLock?) {
    guard let file = options.statusFile ?? plan.statusFile else { return (nil, nil) }
    do {
      return (file, try await OutputLock.take(file, run: graph.name))
    } catch {
      log.warning("no status is kept: \(error)")
      return (nil, nil)
    }
  }

  private func runUnits() async throws -> Results {
    let scratch = try ScratchFolder(ifNeeded: plan.needsScratch)
    defer { scratch.remove() }
    try plan.prepareScratch(scratch.path)
    let context = RunContext(
      log: log, scratch: scratch.path, spill: spill, checkpoints: requests, restarts: reuse.restarts)
    let check = FreshnessCheck(graph, plan, reuse)
    var results: Results = []
    for unit in plan.units {
      try Task.checkCancellation()
      results += try await run(unit, check, context)
    }
    return results
  }

  /// Runs those stages of a unit whose artefacts are not what they would make; keeps how the others stand.
  private func run(_ unit: [Int], _ check: FreshnessCheck, _ context: RunContext) async throws -> Results {
    let reader = unit.first { graph.stages[$0].isReader }
    var (results, due): (Results, [Int]) = ([], [])
    for number in unit where !graph.stages[number].makesStream {
      let (freshness, kept) = try await check.check(number)
      tell(freshness, graph.stages[number].name)
      if freshness == .fresh { meters[number].leave() } else { due.append(number) }
      if let result = kept?.result { results.append((graph.stages[number].name, result.json, result.table)) }
    }
    if let reader, !due.isEmpty {
      try await runStream(reader, to: due, context) { number, summary in
        try await keep(number, check, samplesDigest: summary.samples, nil)
      }
      return results
    }
    for number in unit where graph.stages[number].makesStream { meters[number].leave() }
    for number in due {
      let result = try await makeArtefact(number, context)
      if let result { results.append((graph.stages[number].name, result.json, result.table)) }
      try await keep(number, check, samplesDigest: nil, result.map { StageRecord.Printed($0) })
    }
    return results
  }

  /// Keeps what tells a later run that a stage's artefact need not be made again.
  private func keep(
    _ number: Int, _ check: FreshnessCheck, samplesDigest: String?, _ printed: StageRecord.Printed?
  ) async throws {
    if try await check.keep(number, samplesDigest: samplesDigest, printed) { return }
    log.warning(
      "\(graph.stages[number].name): what it was made of changed meanwhile; it is made again when the pipeline is run again"
    )
  }

  private func tell(_ freshness: Freshness, _ name: String) {
    guard reuse.keepsRecords, freshness.isWorthSaying else { return }
    switch freshness {
    case .fresh: log.info("\(name): nothing that makes it has changed; it is not made again")
    case .stale(let reason): log.info("\(name): to be made: \(reason)")
    }
  }

  /// `StageKindTests` holds every registered kind to being a reader, a taker of a stream, or a maker of an artefact.
  private func makeArtefact(_ number: Int, _ context: RunContext) async throws -> (any StageResult)? {
    let stage = graph.stages[number]
    guard let kind = stage.making else { throw stage.unplayed("makes an artefact of others") }
    let run = StageRun(
      name: stage.name, files: stage.sources.mapValues { plan.files($0, scratch: context.scratch) },
      makers: stage.sources.mapValues { $0.map(graph.maker(of:)) },
      sideInputs: Dictionary(
        uniqueKeysWithValues: graph.sideInputs(of: number) { plan.artefact($0, scratch: context.scratch) }),
      output: plan.place(number, scratch: context.scratch), context: context, meter: meters[number])
    return try await timing(number) { try await kind.run(run) }
  }

  private func consumer(_ number: Int, _ context: RunContext) throws -> any StreamConsumer {
    let stage = graph.stages[number]
    guard let kind = stage.taking else { throw stage.unplayed("takes a stream") }
    return kind.consumer(
      name: stage.name, files: stage.sources.mapValues { plan.files($0, scratch: context.scratch) },
      output: plan.artefact(number, scratch: context.scratch), context: context)
  }

  private func runStream(
    _ reader: Int, to numbers: [Int], _ context: RunContext,
    finished: (_ number: Int, _ summary: StreamSummary) async throws -> Void
  ) async throws {
    guard let read = graph.stages[reader].reading else { throw graph.stages[reader].unplayed("reads a stream") }
    let inputs = try read.inputs()
    let meter = meters[reader]
    meter.setGoal(try read.goal)
    let stages = try numbers.map { (stage: try consumer($0, context), meter: meters[$0]) }
    let between = Set(numbers.flatMap { graph.stages[$0].upstream.dropFirst() }).sorted()
    for meter in [meter] + between.map({ meters[$0] }) + stages.map(\.meter) { meter.start() }
    var options = try read.options()
    let stamps =
      read.command.map { InputStamps(command: $0.value) }
      ?? InputStamps(inputs) { [options] in options.pairing?.files(ofInput: $0) ?? [] }
    var found: [CheckpointStore.Header?] = []
    var consumers: [StreamFlow.Consumer] = []
    var counted: Set<Int> = []
    for (number, consumer) in zip(numbers, stages) {
      let header = try await consumer.meter.naming(log) {
        let reading = try read.recipe.merging(graph.passageRecipe(of: number)) { own, _ in own }
          .merging(graph.passageContents(of: number)) { own, _ in own }
        return try await consumer.stage.resume(stamps, reading: reading)
      }
      found.append(header)
      consumers.append(
        (consumer.stage, consumer.meter, try graph.passage(to: number, after: header, meters, counted: &counted)))
    }
    let begin = try await meter.naming(log) { [found] in try StreamStart(found, stamps) }
    tell(begin, meter.stage)
    let start = ContinuousClock.now
    options.leavesFinitenessToConsumers = consumers.contains { $0.stage.checksFiniteness && $0.passage == nil }
    let flow = StreamFlow(consumers: consumers, meter: meter, log: log, rowsAreDone: rowsAreDone)
    let summary = try await flow.run(read, inputs, options, from: begin)
    for meter in [meter] + between.map({ meters[$0] }) { meter.end(.done) }
    for note in summary.notes { log.warning("\(meter.stage): \(note)") }
    let bytes = summary.sources.map(\.bytes).reduce(0, +)
    let elapsed = ContinuousClock.now - start
    log.info(
      """
      \(meter.stage): \(summary.rows) samples from \(summary.sources.count) input(s), \(ByteCount.describe(bytes)), \
      in \(elapsed.formatted(.units(allowed: [.minutes, .seconds, .milliseconds], width: .narrow)))
      """)
    rowsAreDone(summary.rows)
    for (number, consumer) in zip(numbers, consumers) {
      let taken = consumer.passage?.summary(of: summary) ?? summary
      try await timing(number) { try await consumer.stage.finish(taken) }
      try await finished(number, summary)
    }
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

  /// Runs a stage that works alone, from its start to its end.
  private func timing<Result: Sendable>(
    _ number: Int, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    let meter = meters[number]
    meter.start()
    let start = SuspendingClock.now
    let result = try await meter.naming(log, body)
    meter.add(work: SuspendingClock.now - start)
    meter.end(.done)
    return result
  }
}
