import Engine
import Foundation
import Logging
import Plan
import Storage
import Support

/// Runs a pipeline as Slurm jobs and follows them.
///
/// Stages are known to be up to date by their records, as in a run without Slurm. Up-to-date stages get no job, and a
/// restarted job finds what it has done.
package struct SlurmRun: Sendable {
  private let graph: PipelineGraph
  private let plan: RunPlan
  private let folder: SlurmFolder
  private let log: Logger
  private let restarts: Bool
  /// Options for the run of each task.
  private let options: [String]

  /// Time between queries of the queue, for a new job and later.
  private static let intervals = (first: Duration.seconds(1), later: Duration.seconds(5))

  /// - Parameters:
  ///   - from: the stage to start from.
  ///   - restarts: whether to make everything again.
  ///   - options: options for the run of each task.
  ///
  /// Throws ``PipelineError`` if the pipeline cannot run as jobs, or if there is no such stage.
  package init(
    _ graph: PipelineGraph, from stage: String? = nil, restarts: Bool = false, options: [String] = [], log: Logger
  ) throws {
    (self.graph, self.log, self.restarts, self.options) = (graph, log, restarts, options)
    plan = try RunPlan(graph, from: stage)
    guard let output = graph.outputFolder else {
      throw PipelineError(
        .option("--executor"), "expected an output folder visible on all nodes, found none",
        advice: "add out: to the pipeline's parameters")
    }
    let readers = graph.stages.filter { !$0.kind.standardInputs.isEmpty }
    guard readers.isEmpty else {
      throw PipelineError(
        readers.map {
          Problem(
            .option("--executor"), "“\($0.written)” reads standard input, which jobs do not have",
            advice: "name files, or run it without --executor")
        })
    }
    folder = SlurmFolder(in: output)
    try Self.check(output, "for outputs", advice: "choose another folder for out:")
    try Self.check(Self.workingFolder, "to run it in", advice: "run it from another folder")
  }

  /// Refuses folder names that cannot be passed to a job. A line break would end a line of the script. In a log name
  /// with a backslash, Slurm does not fill in task numbers. Slurm keeps only texts in UTF-8.
  private static func check(_ folder: String, _ use: String, advice: String) throws {
    guard !ScriptText.isOneLine(folder) || folder.unicodeScalars.contains("\\") || FileName.readable(folder) != folder
    else { return }
    throw PipelineError(
      .option("--executor"),
      "expected a folder \(use) in UTF-8 without line breaks, control characters or backslashes, because of Slurm, found “\(folder)”",
      advice: advice)
  }

  private static var workingFolder: String { Files.workingFolder }

  /// The scripts that would be submitted, for people.
  package func dryRun() async throws -> String {
    let jobs = try await jobs()
    guard !jobs.isEmpty else { return "nothing to do: everything is up to date\n" }
    let submission = SlurmSubmission(pipeline: graph.name, jobs: jobs)
    return try jobs.map { job in
      let needs = job.needs.isEmpty ? "" : ", after \(job.needs.map { jobs[$0 - 1].label }.joined(separator: " and "))"
      let tasks = job.tasks.indices.prefix(Self.shown).map { "# task \($0): \(VisibleText.line(job.title($0)))\n" }
        .joined()
      let more = job.tasks.count > Self.shown ? "# and \(job.tasks.count - Self.shown) more\n" : ""
      let script = try script(job, submission).text
      return "# ==== job \(VisibleText.line(job.label + needs))\n\(tasks)\(more)\(script)"
    }.joined(separator: "\n")
  }

  /// Most tasks of a job listed.
  private static let shown = 20

  /// Submits the jobs, unless they are already submitted, and follows them to the end.
  ///
  /// - Parameter detaches: whether to return once they are submitted.
  /// - Returns: the results of the stages; nil if it does not wait for them.
  /// - Throws: ``SlurmFailure`` if tasks failed; `CancellationError` if it is cancelled, which ends no job.
  package func run(detaches: Bool) async throws -> PipelineRun.Results? {
    while let (submission, change) = try await submit() {
      if detaches {
        let ids = submission.jobs.compactMap(\.id).joined(separator: ", ")
        log.info(
          "submitted job(s) \(ids); check with collapse status \(output), end with collapse cancel \(output)"
        )
        if case .grown = change { log.notice("run this again when they are done, to process the new files") }
        return nil
      }
      do {
        try await follow(submission)
      } catch let error as CancellationError {
        log.notice(
          "the jobs continue: check with collapse status \(output), end with collapse cancel \(output), or run this again to follow them"
        )
        throw error
      }
      guard case .grown = change else { return try results() }
      log.info("the jobs of an earlier run are done; now processing the new files")
    }
    log.info("everything is up to date: no job submitted")
    return try results()
  }

  private var output: String { graph.outputFolder ?? "." }

  private func jobs() async throws -> [SlurmJob] {
    let check = FreshnessCheck(graph, plan, restarts ? .restart : .unchanged)
    let freshness = try await check.forecast()
    return try await DryRun(graph, plan, freshness).jobs()
  }

  private func script(_ job: SlurmJob, _ submission: SlurmSubmission) throws -> SlurmScript {
    SlurmScript(
      job: job, settings: try graph.slurm(of: job), folder: folder, comment: submission.comment(job),
      program: Self.program, workingFolder: Self.workingFolder, options: options)
  }

  private static var program: String {
    Files.target(ofLink: "/proc/self/exe") ?? CommandLine.arguments[0]
  }

  // MARK: Submitting

  /// Submits jobs or finds those in the queue, and how the pipeline has changed since they were submitted. Nil if there
  /// is nothing to do. Only one process submits at a time.
  private func submit() async throws -> (SlurmSubmission, PlanChange)? {
    try AtomicFile.makeFolder(folder.path)
    return try await folder.holding(for: graph.name, log: log) { try await submitAlone() }
  }

  private func submitAlone() async throws -> (SlurmSubmission, PlanChange)? {
    if let earlier = try SlurmSubmission.read(folder) {
      let report = try await settled(earlier)
      if !report.isOver, report.submission.jobs.contains(where: { $0.id != nil }) {
        let change = try change()
        log.info("following the jobs of an earlier run")
        if case .grown(let count) = change {
          log.notice(
            "new files since then give \(count) more shard\(count > 1 ? "s" : ""), which must wait until the jobs are done"
          )
        }
        return (try await complete(report.submission), change)
      }
    }
    let jobs = try await jobs()
    guard !jobs.isEmpty else { return nil }
    if restarts { removeEarlierWork(jobs) }
    try plan.prepareOutputs()
    try folder.prepare()
    try AtomicFile.write(folder.plan, text: PlanFile.text(graph))
    let submission = SlurmSubmission(pipeline: graph.name, jobs: jobs)
    try submission.write(folder)
    return (try await complete(submission), .none)
  }

  /// The state of an earlier submission, once any cancellation is complete. Throws if Slurm does not respond.
  private func settled(_ earlier: SlurmSubmission) async throws -> SlurmReport {
    var isTold = false
    while true {
      let report = await SlurmReport.look(earlier, folder)
      if !report.isAsked {
        _ = try await Slurm.queue(of: earlier.user)
      } else if earlier.isCancelled, !report.isOver {
        if !isTold { log.info("waiting: the jobs of an earlier run are being cancelled") }
        isTold = true
      } else {
        return report
      }
      try await Task.sleep(for: .seconds(1))
    }
  }

  /// How the pipeline has changed since its jobs were submitted. Throws if they make something else than wanted now.
  private func change() throws -> PlanChange {
    let earlier = (try? PlanFile.read(folder.plan, settings: [])) ?? nil
    let change = earlier.map { PlanChange(from: $0, to: graph.description) } ?? .other
    guard change == .other || restarts else { return change }
    throw RunError(
      file: folder.jobs, expected: "no jobs of another pipeline",
      found: restarts
        ? "running jobs" : "jobs of a different version: its file, settings or inputs have changed since",
      advice: "wait for them (see collapse status \(output)), or end them with collapse cancel \(output)")
  }

  /// Submits the remaining jobs and records each at once, so that none is submitted twice.
  ///
  /// Their scripts are written from this pipeline, because those in the folder may be anyone's.
  private func complete(_ submission: SlurmSubmission) async throws -> SlurmSubmission {
    let remaining = submission.jobs.filter { $0.id == nil }
    guard !remaining.isEmpty else { return submission }
    guard submission.user == geteuid() else {
      throw RunError(
        file: folder.jobs, expected: "jobs of this user", found: "jobs of user \(submission.user), not all submitted",
        advice: "ask that user to run it again, or choose another folder with --set out=FOLDER")
    }
    try folder.prepare(remaining)
    for job in remaining {
      let script = try script(job, submission)
      try AtomicFile.write(folder.script(job), text: script.text)
      try AtomicFile.write(folder.tasks(job), text: script.tasks)
    }
    var submission = submission
    submission.isRefused = false
    for index in submission.jobs.indices where submission.jobs[index].id == nil {
      try Task.checkCancellation()
      let job = submission.jobs[index]
      let needs = try submission.ids(of: job.needs)
      do {
        submission.jobs[index].id = try await Slurm.submit(folder.script(job), after: needs)
      } catch let error as RunError {
        submission.isRefused = true
        try submission.write(folder)
        throw error
      }
      try submission.write(folder)
      log.info(
        "submitted \(job.name) as job \(submission.jobs[index].id ?? "")\(job.isArray ? ", \(job.tasks.count) task\(job.tasks.count == 1 ? "" : "s")" : "")"
      )
    }
    return submission
  }

  /// Removes records and checkpoints, so that stages start over.
  private func removeEarlierWork(_ jobs: [SlurmJob]) {
    let names = Set(jobs.flatMap { $0.tasks.joined() })
    for (number, stage) in graph.stages.enumerated() where names.contains(stage.name) {
      guard let artefact = plan.output(number) else { continue }
      Files.remove(StageRecord.path(of: artefact))
      CheckpointStore(output: artefact, stage: stage.name, log: log).remove()
    }
  }

  // MARK: Following

  private func follow(_ submission: SlurmSubmission) async throws {
    let start = ContinuousClock.now
    var told: (failed: Int, summary: String, at: ContinuousClock.Instant) = (0, "", start)
    var isSilent = false
    while true {
      let report = await SlurmReport.look(submission, folder)
      if !report.isAsked, !report.isDone {
        if !isSilent { log.notice("Slurm does not respond; retrying") }
        isSilent = true
        try await Task.sleep(for: Self.intervals.later)
        continue
      }
      if isSilent { log.notice("Slurm responds again") }
      isSilent = false
      for task in report.failed.dropFirst(told.failed) {
        let words = task.words.map { Logger.MetadataValue.string($0) }
        log.error("\(SlurmFailure.words(task))", metadata: words.isEmpty ? nil : ["log": .array(words)])
      }
      let counts = report.tasks.map(\.state.name).joined()
      if counts != told.summary || .now - told.at > .seconds(30) {
        log.info("\(report.summary)")
        told = (report.failed.count, counts, .now)
      }
      if report.isOver {
        if report.isDone { return }
        throw SlurmFailure(report)
      }
      try await Task.sleep(for: .now - start < .seconds(60) ? Self.intervals.first : Self.intervals.later)
    }
  }

  /// The printed results of stages, in run order.
  private func results() throws -> PipelineRun.Results {
    try plan.units.joined().compactMap { number in
      guard let artefact = plan.output(number), let printed = StageRecord.read(of: artefact)?.printed else {
        return nil
      }
      let result = try printed.result
      return (graph.stages[number].name, result.json, result.table)
    }
  }
}

extension DryRun {
  /// The jobs to submit.
  func jobs() throws -> [SlurmJob] { try SlurmPlan(graph, plan, freshness) { try forecast($0) }.jobs }
}
