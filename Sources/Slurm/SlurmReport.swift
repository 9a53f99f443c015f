import Engine
import Foundation
import Support

/// The state of a pipeline's jobs, task by task.
package struct SlurmReport: Sendable {
  let submission: SlurmSubmission
  let tasks: [SlurmTask]
  /// Whether Slurm responded.
  let isAsked: Bool

  init(_ submission: SlurmSubmission, in folder: SlurmFolder, _ queue: Slurm.Queue?) {
    self.submission = queue.map(submission.found) ?? submission
    let known = self.submission
    var tasks: [SlurmTask] = []
    var done: Set<Int> = []
    for job in known.jobs {
      let isReady = done.isSuperset(of: job.needs)
      let own = job.tasks.indices.map { index in
        var task = SlurmTask(job, index, in: folder, queue, isOpen: known.isOpen)
        task.explainLoss(isCancelled: known.isCancelled, isReady: isReady)
        return task
      }
      if own.allSatisfy({ $0.state == .done }) { done.insert(job.number) }
      tasks += own
    }
    self.tasks = tasks
    isAsked = queue != nil
  }

  /// Reads the state of an output folder. Nil if no jobs were submitted there, or if it was run without jobs since they
  /// ended. Throws `StreamError` if its file is damaged.
  package static func look(at output: String) async throws -> SlurmReport? {
    let folder = SlurmFolder(in: output)
    guard let submission = try SlurmSubmission.read(folder) else { return nil }
    let report = await look(submission, folder)
    // Both are ISO 8601 in UTC.
    if report.isOver, let run = try? StatusReport(output), run.record.started > submission.submitted { return nil }
    return report
  }

  /// Reads the state of the jobs, and asks Slurm if it responds.
  static func look(_ submission: SlurmSubmission, _ folder: SlurmFolder) async -> SlurmReport {
    var queue = try? await Slurm.queue(of: submission.user)
    var report = SlurmReport(submission, in: folder, queue)
    let lost = zip(report.tasks.map(\.job), report.tasks).compactMap { id, task in task.state == .lost ? id : nil }
    if !lost.isEmpty {
      let known = await Slurm.accounting(Array(Set(lost.map { String($0.prefix { $0 != "_" }) })).sorted())
      queue?.entries.merge(known) { own, _ in own }
      report = SlurmReport(submission, in: folder, queue)
    }
    return report
  }

  var isOver: Bool { tasks.allSatisfy(\.isOver) }
  var isDone: Bool { tasks.allSatisfy { $0.state == .done } }
  /// Tasks that failed, in order. Tasks that could not run because of them are not included.
  var failed: [SlurmTask] { tasks.filter { $0.isOver && $0.state != .done && $0.state != .notRun } }

  private func count(_ name: String) -> Int { tasks.count { $0.state.name == name } }

  /// Seconds left, assuming that running tasks keep their pace and the others take as long; nil while nothing is known.
  ///
  /// Only an estimate: tasks differ, and some wait for others.
  var secondsLeft: Double? {
    let known = tasks.compactMap { task in task.share.map { (task: task, share: $0) } }
      .filter { $0.share > 0.01 && $0.task.seconds > 0 }
    guard !known.isEmpty, !isOver else { return nil }
    let whole = known.map { $0.task.seconds / $0.share }.reduce(0, +) / Double(known.count)
    let left = tasks.filter { !$0.isOver }.map { whole * (1 - ($0.share ?? 0)) }.reduce(0, +)
    return left / Double(max(count("running"), 1))
  }

  var state: String {
    if isDone { return "done" }
    if submission.isRefused, isOver, failed.isEmpty { return "refused" }
    if submission.isCancelled { return isOver ? "cancelled" : "being cancelled" }
    if isOver { return failed.isEmpty ? "not run" : "failed" }
    return count("running") > 0 ? "running" : "waiting"
  }

  /// Unusual reasons for waiting tasks.
  private var reasons: String {
    let usual: Set = ["", "None", "Dependency", "Priority", "Resources", "BeginTime", "not submitted yet"]
    let found = Set(
      tasks.compactMap { task -> String? in
        if case .waiting(let reason) = task.state, !usual.contains(reason) { reason } else { nil }
      })
    return found.isEmpty ? "" : " (\(found.sorted().joined(separator: ", ")))"
  }

  /// One line: the number of tasks in each state.
  var summary: String {
    let counts = ["done", "running", "waiting", "failed", "cancelled", "not run", "lost"].compactMap { name in
      count(name) > 0 ? "\(count(name)) \(name)\(name == "waiting" ? reasons : "")" : nil
    }
    let rate = tasks.filter { $0.state == .running }.map(\.rate).reduce(0, +)
    return "\(tasks.count) task\(tasks.count == 1 ? "" : "s"): \(counts.joined(separator: ", "))"
      + (rate > 0 ? "; \(ProgressDisplay.grouped(Int(saturating: rate))) rows/s" : "")
      + (secondsLeft.map { "; about \(ProgressDisplay.time($0)) left" } ?? "")
  }

  /// For people.
  package var table: String {
    let rows = tasks.map { task in
      [
        task.title, task.job ?? "", Self.words(task.state), task.node, task.share.map { "\(Int($0 * 100)) %" } ?? "",
        task.rate > 0 ? ProgressDisplay.grouped(Int(saturating: task.rate)) : "",
        task.seconds > 0 ? ProgressDisplay.time(task.seconds) : "", "\(task.retries)",
      ]
    }
    return VisibleText.line("\(submission.pipeline): \(state), submitted \(submission.submitted)") + "\n"
      + VisibleText.line(summary) + "\n"
      + (isAsked ? "" : "Slurm does not respond here: the table shows what the jobs have written\n")
      + TextTable(
        [["task", "job", "state", "node", "done", "rows/s", "time", "retries"]] + rows, rightAligned: 4...7
      ).text + "\n"
      + failed.map { VisibleText.line("\($0.title): its log is \($0.log)") + $0.quoted + "\n" }.joined()
  }

  private static func words(_ state: SlurmTask.State) -> String {
    switch state {
    case .waiting(let reason) where !["", "None"].contains(reason): "waiting (\(reason))"
    case .failed(let reason): "failed: \(reason)"
    default: state.name
    }
  }

  /// For programs.
  package var json: String {
    let rows = tasks.map { task -> JSONValue in
      [
        "stages": .string(task.title), "job": task.job.map { .string($0) } ?? .null, "state": .string(task.state.name),
        "node": .string(task.node), "share": task.share.map { .number($0) } ?? .null,
        "rows_per_second": .number(task.rate),
        "seconds": .number(task.seconds), "retries": .integer(task.retries),
        "exit": task.exit.map { .integer($0) } ?? .null, "log": .string(task.log),
      ]
    }
    let value: JSONValue = [
      "pipeline": .string(submission.pipeline), "state": .string(state), "submitted": .string(submission.submitted),
      "seconds_left": secondsLeft.map { .number($0) } ?? .null, "tasks": .array(rows),
    ]
    return value.text
  }
}
