import Formats
import Foundation
import Logging
import Plan
import Storage
import Support

/// Runs a checked pipeline, one unit at a time. The stages of a unit run together.
///
/// A unit is a stream's reader with its consumers, joined by channels, or a single stage. The first error in a unit
/// cancels its other stages and is thrown. Outputs of finished units stay.
package struct PipelineRun: Sendable {
  let graph: PipelineGraph
  let plan: RunPlan
  private let log: Logger
  private let requests: CheckpointRequests
  let reuse: Reuse
  private let options: ProcessOptions
  private let spill: String?
  /// By stage index.
  let meters: [Meter]
  /// Called with the number of rows of a stream that are fully processed; see ``StreamFanOut``.
  package var rowsAreDone: @Sendable (Int) -> Void = { _ in }

  /// How much of an earlier run is reused.
  package enum Reuse: Sendable, Equatable {
    /// Every stage runs, but resumes from checkpoints. No records are kept for later runs.
    case nothing
    /// As ``nothing``, but from the beginning.
    case nothingAtAll
    /// Up-to-date artefacts are reused.
    case unchanged
    /// Every stage runs from the beginning. Records are kept for later runs.
    case restart

    var keepsRecords: Bool { self == .unchanged || self == .restart }
    var restarts: Bool { self == .nothingAtAll || self == .restart }
  }

  /// - Parameters:
  ///   - from: the stage to start from; the earlier artefacts it needs must exist.
  ///   - only: the stages to run, with those their streams come through; all stages if empty.
  ///   - reuse: how much of an earlier run is reused.
  ///   - scratch: a folder for data that does not fit in memory, for stages that name none; by default the folder of
  ///     their outputs.
  ///   - requests: requests for checkpoints.
  ///
  /// Throws ``PipelineError`` if such a stage or an artefact it needs is missing.
  package init(
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

  /// What would run and why, and what is known about its memory and outputs, for people; see ``DryRun``.
  ///
  /// Throws if an input cannot be read.
  package func dryRun() async throws -> String {
    let freshness = try await FreshnessCheck(graph, plan, reuse).forecast()
    return try await DryRun(graph, plan, freshness).text()
  }

  /// The printed results by stage name, in run order.
  package typealias Results = [(stage: String, measures: JSONValue, table: String)]

  /// Runs the pipeline, with its outputs locked against other runs. Throws the first error of a stage, or
  /// `CancellationError`.
  package func run() async throws -> Results {
    try plan.prepareOutputs(status: options.statusFile ?? plan.statusFile)
    let outputs = plan.outputs
    let locks = try await OutputLocks.take(outputs, run: graph.name, log: log)
    let status = RunStatus(graph.name, plan.units.joined().map { meters[$0] })
    return try await locks.holding {
      let (file, lock) = try await statusFile()
      defer { lock?.release() }
      let watch = RunMonitor(status: status, log: log, options: options, file: file)
      let results = try await watch.during { try await runUnits() }
      for line in RunSummary(status, outputs: made).lines { log.info("\(line)") }
      return results
    }
  }

  /// Output files of the stages that ran.
  private var made: [String] {
    plan.units.joined().filter { meters[$0].state == .done }
      .flatMap { graph.stages[$0].outputs(in: graph.outputFolder).map(\.file) }
  }

  /// The status file. If several runs share an output folder, the first one has it. Throws `StreamError` if another run
  /// has one that the user named.
  private func statusFile() async throws -> (file: String?, lock: OutputLock?) {
    guard let file = options.statusFile ?? plan.statusFile else { return (nil, nil) }
    do {
      let lock = try await OutputLock.take(file, run: graph.name)
      Leftovers.remove(of: [lock.files])
      return (file, lock)
    } catch let error as StreamError where error.kind == .held && options.statusFile != nil {
      throw error
    } catch {
      log.warning("no status file is kept", of: error)
      return (nil, nil)
    }
  }

  private func runUnits() async throws -> Results {
    // For artefacts not kept as outputs: private to this user, under an unpredictable name.
    let scratch = plan.needsScratch ? try TemporaryFile.folder() : ""
    defer { if !scratch.isEmpty { Files.remove(scratch) } }
    try plan.prepareScratch(scratch)
    let context = RunContext(
      log: log, scratch: scratch, spill: spill, checkpoints: requests, restarts: reuse.restarts)
    let check = FreshnessCheck(graph, plan, reuse)
    var results: Results = []
    for unit in plan.units {
      try Task.checkCancellation()
      let memory = unit.compactMap { graph.stages[$0].kind.memory }.min()
      results += try await MemoryBudget.$given.withValue(memory) { try await run(unit, check, context) }
    }
    return results
  }

  /// Runs the stages of a unit that are not up to date, and returns the printed results of all.
  private func run(_ unit: [Int], _ check: FreshnessCheck, _ context: RunContext) async throws -> Results {
    let reader = unit.first { graph.stages[$0].isReader }
    var (results, due): (Results, [Int]) = ([], [])
    for number in unit where !graph.stages[number].makesStream {
      let (freshness, result) = try await check.check(number)
      tell(freshness, graph.stages[number].name)
      if freshness == .fresh { meters[number].leave() } else { due.append(number) }
      if let result { results.append((graph.stages[number].name, result.json, result.table)) }
    }
    if let reader, !due.isEmpty {
      try await startingOverIfNeeded(reader, context) { context in
        try await runStream(reader, to: due, context) { number, summary in
          try await keep(number, check, samplesDigest: summary.samples, nil)
        }
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

  /// Records that a stage's artefact is up to date, for later runs.
  private func keep(
    _ number: Int, _ check: FreshnessCheck, samplesDigest: String?, _ printed: StageRecord.Printed?
  ) async throws {
    if try await check.keep(number, samplesDigest: samplesDigest, printed) { return }
    log.warning(
      "\(graph.stages[number].name): its inputs changed during the run; the next run will make it again"
    )
  }

  private func tell(_ freshness: Freshness, _ name: String) {
    guard reuse.keepsRecords, freshness != .stale(Freshness.notMade) else { return }
    switch freshness {
    case .fresh: log.info("\(name): up to date; not made again")
    case .stale(let reason): log.info("\(name): will be made: \(reason)")
    }
  }

  /// `StageKindTests` checks that every registered kind reads a stream, takes one, or makes an artefact.
  private func makeArtefact(_ number: Int, _ context: RunContext) async throws -> (any StageResult)? {
    let stage = graph.stages[number]
    guard let kind = stage.making else { throw stage.missingRole("makes an artefact") }
    let run = StageRun(
      name: stage.name, files: stage.sources.mapValues { plan.files($0, scratch: context.scratch) },
      makers: stage.sources.mapValues { sources in
        sources.flatMap { source in (0..<graph.fileCount(of: source)).map { _ in graph.maker(of: source) } }
      },
      sideInputs: Dictionary(
        uniqueKeysWithValues: graph.sideInputs(of: number) { plan.artefact($0, scratch: context.scratch) }),
      output: plan.place(number, scratch: context.scratch), context: context, meter: meters[number])
    return try await timing(number) { try await kind.run(run) }
  }

  private func consumer(_ number: Int, _ context: RunContext) throws -> any StreamConsumer {
    let stage = graph.stages[number]
    guard let kind = stage.taking else { throw stage.missingRole("takes a stream") }
    return kind.consumer(
      name: stage.name, files: stage.sources.mapValues { plan.files($0, scratch: context.scratch) },
      output: plan.artefact(number, scratch: context.scratch), context: context)
  }

  private func runStream(
    _ reader: Int, to numbers: [Int], _ context: RunContext,
    finished: (_ number: Int, _ summary: StreamSummary) async throws -> Void
  ) async throws {
    guard let read = graph.stages[reader].reading else { throw graph.stages[reader].missingRole("reads a stream") }
    let inputs = try read.inputs()
    let meter = meters[reader]
    meter.setGoal(try read.goal)
    let stages = try numbers.map { (stage: try consumer($0, context), meter: meters[$0]) }
    let between = Set(numbers.flatMap { graph.stages[$0].upstream.dropFirst() }).sorted()
    for meter in [meter] + between.map({ meters[$0] }) + stages.map(\.meter) { meter.start() }
    var options = try read.options()
    let stamps =
      read.command.map { InputStamps(command: $0.value) }
      ?? InputStamps(inputs) { [options] in options.alignment?.files(ofInput: $0) ?? [] }
    var found: [CheckpointStore.Header?] = []
    var consumers: [StreamFlow.Consumer] = []
    var counted: Set<Int> = []
    for (number, consumer) in zip(numbers, stages) {
      let header = try await consumer.meter.naming(log) {
        let reading = try read.fingerprint.merging(graph.transformFingerprint(of: number)) { own, _ in own }
          .merging(graph.transformContents(of: number)) { own, _ in own }
        return try await consumer.stage.resume(stamps, reading: reading)
      }
      found.append(header)
      consumers.append(
        (consumer.stage, consumer.meter, try graph.chain(to: number, after: header, meters, counted: &counted)))
    }
    let begin = try await meter.naming(log) { [found] in try StreamStart(found, stamps) }
    tell(begin, meter.stage)
    let start = ContinuousClock.now
    options.scratch = scratch(numbers, context)
    options.leavesFinitenessToConsumers = consumers.contains { $0.stage.checksFiniteness && $0.chain == nil }
    let flow = StreamFlow(consumers: consumers, meter: meter, log: log, rowsAreDone: rowsAreDone)
    let summary = try await flow.run(read, inputs, options, from: begin)
    for meter in [meter] + between.map({ meters[$0] }) { meter.end(.done) }
    for note in summary.notes { log.warning("\(meter.stage): \(note)") }
    let bytes = Int.saturatingSum(summary.sources.map(\.bytes))
    let elapsed = ContinuousClock.now - start
    log.info(
      """
      \(meter.stage): \(summary.rows) samples from \(summary.sources.count) input(s), \(ByteCount.describe(bytes)), \
      in \(elapsed.formatted(.units(allowed: [.minutes, .seconds, .milliseconds], width: .narrow)))
      """)
    rowsAreDone(summary.rows)
    for (number, consumer) in zip(numbers, consumers) {
      let taken = consumer.chain?.summary(of: summary) ?? summary
      try await timing(number) { try await consumer.stage.finish(taken) }
      try await finished(number, summary)
    }
  }

  /// Runs a stream. If its files no longer begin with the samples that its checkpoints took, because someone has
  /// corrected or replaced them, runs it from the beginning. A pipe cannot be read again.
  private func startingOverIfNeeded(
    _ reader: Int, _ context: RunContext, _ body: (RunContext) async throws -> Void
  ) async throws {
    do {
      try await body(context)
    } catch let error as StreamError where error.kind == .otherSamples {
      let (stage, inputs) = (graph.stages[reader], try graph.stages[reader].reading?.inputs() ?? [])
      guard stage.reading?.command != nil || InputStamps(inputs).inputs.allSatisfy({ $0.size != nil }) else {
        throw error
      }
      log.warning("\(stage.name): starting over, not from the checkpoint: \(error.diagnosis.summary)")
      var context = context
      context.ignoresCheckpoints = true
      try await body(context)
    }
  }

  /// The folder for what the reader of a stream sets aside: that of the first consumer that was given one, or that of
  /// the first output. Nil for `TMPDIR`.
  private func scratch(_ consumers: [Int], _ context: RunContext) -> String? {
    let given = consumers.lazy.compactMap { graph.stages[$0].kind.scratch?.value }.first ?? spill
    return given
      ?? consumers.first { !graph.stages[$0].kind.writesStandardOutput }.map {
        AtomicFile.folder(of: plan.artefact($0, scratch: context.scratch))
      }
  }

  private func tell(_ start: StreamStart, _ name: String) {
    guard let position = start.position else { return }
    let again = if case .again = start { ", reading them again to check that they are the same" } else { "" }
    log.info("\(name): resuming from a checkpoint after \(ProgressDisplay.grouped(position.samples)) samples\(again)")
  }

  /// Runs a stage, or its end, and counts the time as its work.
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
