import Engine
import Foundation
import Storage
import Support

/// The state of a job's task, from the queue and the files it wrote.
struct SlurmTask: Sendable, Equatable {
  enum State: Sendable, Equatable {
    /// In the queue, with Slurm's reason.
    case waiting(String)
    case running
    case done
    /// With a short reason.
    case failed(String)
    case cancelled
    /// A job it needs failed.
    case notRun
    /// Not in the queue, but with no recorded end.
    case lost

    var name: String {
      switch self {
      case .waiting: "waiting"
      case .running: "running"
      case .done: "done"
      case .failed: "failed"
      case .cancelled: "cancelled"
      case .notRun: "not run"
      case .lost: "lost"
      }
    }
  }

  /// The stages it runs.
  let title: String
  let job: String?
  private(set) var state: State
  /// Its current or last node.
  let node: String
  private let hasStarted: Bool
  /// How often it was restarted.
  let retries: Int
  /// Its final exit status.
  let exit: Int?
  let status: StatusRecord?
  let log: String
  /// The last lines of its log, if it failed.
  let words: [String]

  /// The last lines of its log, to append to a message.
  var quoted: String { words.map { "\n  | " + VisibleText.line($0) }.joined() }

  /// - Parameters:
  ///   - queue: nil if Slurm does not respond.
  ///   - isOpen: whether an unsubmitted job may still be submitted.
  init(_ job: SlurmJob, _ index: Int, in folder: SlurmFolder, _ queue: Slurm.Queue?, isOpen: Bool = true) {
    let name = job.taskName(index)
    let entry = job.taskID(index).flatMap { queue?.entries[$0] }
    let starts = folder.starts(name)
    title = job.title(index)
    self.job = job.taskID(index)
    let end = folder.exit(name)
    exit = end?.status
    status = (try? Files.contents(of: folder.status(name))).flatMap { try? StatusRecord(json: $0, of: name) }
    hasStarted = !starts.isEmpty
    retries = max(starts.count - 1, 0)
    node = entry.map(\.node).flatMap { $0.isEmpty ? nil : $0 } ?? starts.last ?? ""
    log = folder.log(name)
    state = Self.state(
      exit, entry, isKnown: queue != nil, isSubmitted: job.id != nil, hasStarted: hasStarted, status,
      isOpen: isOpen, isCancelled: end?.isCancelled == true)
    if case .failed = state { words = folder.words(name) } else { words = [] }
  }

  /// - Parameters:
  ///   - exit: its final exit status.
  ///   - isKnown: whether Slurm responded.
  ///   - isOpen: whether an unsubmitted job may still be submitted.
  ///   - isCancelled: whether it recorded that its job was cancelled.
  static func state(
    _ exit: Int?, _ entry: Slurm.Entry?, isKnown: Bool, isSubmitted: Bool, hasStarted: Bool, _ status: StatusRecord?,
    isOpen: Bool = true, isCancelled: Bool = false
  ) -> State {
    if let exit, exit == 0 { return .done }
    guard let entry else {
      if let exit { return isCancelled ? .cancelled : .failed(words(exit)) }
      guard isSubmitted else { return isOpen ? .waiting("not submitted yet") : .notRun }
      if isKnown { return .lost }
      return status?.state == .running ? .running : .waiting("")
    }
    switch entry.state {
    case "PENDING", "REQUEUED", "REQUEUE_HOLD", "SPECIAL_EXIT":
      return entry.reason == "DependencyNeverSatisfied" ? .notRun : .waiting(entry.reason)
    case "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING":
      // A failed task may be about to be cancelled or requeued.
      return .running
    case "COMPLETED": return .done
    case "CANCELLED": return hasStarted || !entry.reason.hasPrefix("Dependency") ? .cancelled : .notRun
    default: return .failed(exit.map(words) ?? words(entry))
    }
  }

  /// The resource that ran out, and where to set it.
  private static let memory = "memory (set memory under slurm: in the pipeline file)"

  private static func words(_ exit: Int) -> String {
    switch exit {
    case 137: "killed (137), perhaps out of \(memory)"
    case SlurmScript.setupStatus: "a line of setup failed (\(exit))"
    default: "exit status \(exit)"
    }
  }

  /// Why a task failed that recorded nothing itself.
  private static func words(_ entry: Slurm.Entry) -> String {
    switch (entry.state, entry.reason) {
    case ("OUT_OF_MEMORY", _): "out of \(memory)"
    case ("FAILED", "JobLaunchFailure"): "its script was killed or could not start"
    case ("FAILED", "NonZeroExitCode"): "its script ended early"
    // From the accounting, which has no reasons.
    case ("FAILED", ""): "its script was killed or ended early"
    default:
      entry.state.lowercased().replacingOccurrences(of: "_", with: " ")
        + (["", "None"].contains(entry.reason) ? "" : " (\(entry.reason))")
    }
  }

  /// Explains a task that Slurm has forgotten and that recorded no end, if other facts tell why.
  ///
  /// - Parameter isReady: whether all jobs it needs are done.
  mutating func explainLoss(isCancelled: Bool, isReady: Bool) {
    guard state == .lost else { return }
    if !hasStarted, !isReady || isCancelled { state = .notRun } else if isCancelled { state = .cancelled }
  }

  /// Whether the task has ended.
  var isOver: Bool {
    switch state {
    case .waiting, .running: false
    case .done, .failed, .cancelled, .notRun, .lost: true
    }
  }

  /// The fraction done, from 0 to 1; nil if unknown.
  var share: Double? {
    if state == .done { return 1 }
    guard let stages = status?.stages, !stages.isEmpty else { return nil }
    let parts = stages.filter { $0.goal > 0 || $0.state == "done" || $0.state == "unchanged" }.map { stage in
      stage.state == "running" || stage.state == "waiting"
        ? Double(stage.done) / Double(max(stage.goal, 1)) : stage.state == "stopped" || stage.state == "failed" ? 0 : 1
    }
    return parts.isEmpty ? nil : min(parts.reduce(0, +) / Double(parts.count), 1)
  }

  /// Rows per second: the current rate while it runs, and the rate of its last run once it is done.
  var rate: Double {
    let stages = status?.stages ?? []
    switch state {
    case .running: return stages.filter { $0.state == "running" }.map(\.rowsPerSecond).max() ?? 0
    case .done: return stages.filter { $0.seconds > 0 }.map { Double($0.rows) / $0.seconds }.max() ?? 0
    default: return 0
    }
  }

  /// Seconds of its current or last run.
  var seconds: Double { status?.seconds ?? 0 }
}
