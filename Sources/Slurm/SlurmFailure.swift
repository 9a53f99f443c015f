import Support

/// The error if tasks of a pipeline's jobs failed.
package struct SlurmFailure: DiagnosedError {
  private let failed: [SlurmTask]
  private let count: Int
  private let isCancelled: Bool

  init(_ report: SlurmReport) {
    failed = report.failed
    count = report.tasks.count
    isCancelled = report.submission.isCancelled
  }

  /// Whether only inputs are at fault.
  package var isBadInput: Bool { !failed.isEmpty && failed.allSatisfy { $0.exit == 65 } }

  package var diagnosis: Diagnosis {
    let names = failed.prefix(Self.shown).map(\.title).joined(separator: "; ")
    let more = failed.count > Self.shown ? "; and \(failed.count - Self.shown) more" : ""
    return Diagnosis(
      expected: "\(count) task(s) to succeed",
      found: isCancelled ? "them cancelled" : "\(failed.count) failed: \(names)\(more)",
      advice: "fix what the logs report, and run it again: only missing results are made")
  }

  /// Most failures listed.
  private static let shown = 10

  /// Describes how a task ended.
  static func words(_ task: SlurmTask) -> String {
    let node = task.node.isEmpty ? "" : " on \(task.node)"
    let retries = task.retries > 0 ? " after \(task.retries) more attempt(s)" : ""
    let how =
      switch task.state {
      case .failed(let reason): "failed: \(reason)\(node)\(retries)"
      case .cancelled: "was cancelled\(node)\(retries)"
      default: "left the queue without a report\(node)\(retries): it was killed, or its node failed"
      }
    return "\(task.title) \(how); its log is \(task.log)"
  }
}
