import Support

/// Tasks of a pipeline's jobs failed.
public struct SlurmFailure: DiagnosedError {
  private let failed: [SlurmTask]
  private let count: Int
  private let isCancelled: Bool

  init(_ report: SlurmReport) {
    failed = report.failed
    count = report.tasks.count
    isCancelled = report.submission.isCancelled
  }

  /// Whether only inputs are at fault.
  public var isBadInput: Bool { !failed.isEmpty && failed.allSatisfy { $0.exit == 65 } }

  public var diagnosis: Diagnosis {
    let names = failed.prefix(Self.shown).map(\.title).joined(separator: "; ")
    let more = failed.count > Self.shown ? "; and \(failed.count - Self.shown) more" : ""
    return Diagnosis(
      expected: "\(count) tasks to be done",
      found: isCancelled ? "that they were cancelled" : "\(failed.count) that failed: \(names)\(more)",
      advice: "mend what the logs say, and run it again: only what is not there is done")
  }

  /// Failures that are named where all would be too many.
  private static let shown = 10

  /// A task's end, for people.
  static func words(_ task: SlurmTask) -> String {
    let node = task.node.isEmpty ? "" : " on \(task.node)"
    let retries = task.retries > 0 ? " after \(task.retries) more tries" : ""
    let how =
      switch task.state {
      case .failed(let reason): "failed, \(reason)\(node)\(retries)"
      case .cancelled: "was cancelled\(node)\(retries)"
      default: "left the queue without a word\(node)\(retries): it was killed, or its node lost"
      }
    return "\(task.title) \(how); its log is \(task.log)\(task.quoted)"
  }
}
