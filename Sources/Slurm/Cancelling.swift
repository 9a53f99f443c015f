import Engine
import Foundation
import Logging

/// Ends a run: the jobs of a pipeline, or the process that runs it on this machine.
public enum Cancelling {
  /// Ends the run that has `output` for its folder, and says what was done.
  ///
  /// Throws `StreamError` where no run of it is known, and ``RunError`` where it cannot be ended from here.
  public static func cancel(_ output: String, log: Logger) async throws -> String {
    let folder = SlurmFolder(in: output)
    if FileManager.default.fileExists(atPath: folder.path) {
      // Whoever submits its jobs at this moment is waited for, so that none comes after.
      let said = try await folder.holding(for: "collapse cancel", log: log) { try await cancel(folder, of: output) }
      if let said { return said }
    }
    let record = try StatusReport(output).record
    guard record.state == .running, record.owner.presence != .gone else {
      return "\(record.pipeline): it does not run\n"
    }
    guard record.owner.presence == .alive, kill(record.owner.pid, SIGTERM) == 0 else {
      throw RunError(
        file: output, expected: "a run on this machine that this user may end", found: record.owner.description,
        advice: "run collapse cancel there, as that user")
    }
    return "\(record.pipeline): asked \(record.owner.description) to keep what it has done and end\n"
  }

  /// Ends the jobs of a folder, and says what was done; nil where there are none that decide.
  private static func cancel(_ folder: SlurmFolder, of output: String) async throws -> String? {
    guard let submission = try SlurmSubmission.read(folder) else { return nil }
    let report = SlurmReport(submission, in: folder, try await Slurm.queue(of: submission.user))
    if !report.isOver { return try await cancel(report.submission, folder) }
    guard (try? StatusReport(output)) == nil else { return nil }
    return "\(submission.pipeline): no job of it is there any more\n"
  }

  private static func cancel(_ submission: SlurmSubmission, _ folder: SlurmFolder) async throws -> String {
    var submission = submission
    submission.isCancelled = true
    try submission.write(folder)
    let ids = submission.jobs.compactMap(\.id)
    if !ids.isEmpty { try await Slurm.cancel(ids) }
    return
      "\(submission.pipeline): cancelled job(s) \(ids.joined(separator: ", ")); running it again goes on from what was kept\n"
  }
}
