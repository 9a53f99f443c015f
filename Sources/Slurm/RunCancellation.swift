import Engine
import Foundation
import Logging
import Storage

/// Ends a run: the jobs of a pipeline, or its process on this machine.
package enum RunCancellation {
  /// Ends the run whose output folder is `output`, and returns a message for the user.
  ///
  /// Throws `StreamError` if no run is known there, and ``RunError`` if it cannot be ended from here.
  package static func cancel(_ output: String, log: Logger) async throws -> String {
    let folder = SlurmFolder(in: output)
    if Files.exists(folder.path) {
      // Waits for anyone submitting its jobs right now, so that no job follows.
      let said = try await folder.holding(for: "collapse cancel", log: log) { try await cancel(folder, of: output) }
      if let said { return said }
    }
    let record = try StatusReport(output).record
    guard record.state == .running, record.owner.presence != .gone else {
      return "\(record.pipeline): not running\n"
    }
    guard record.owner.presence == .alive, kill(record.owner.pid, SIGTERM) == 0 else {
      throw RunError(
        file: output, expected: "a run on this machine that you may end", found: record.owner.description,
        advice: "run collapse cancel on that machine, as that user")
    }
    return "\(record.pipeline): asked \(record.owner.description) to save its work and stop\n"
  }

  /// Ends the jobs of a folder and returns a message; nil if something other than its jobs decides.
  private static func cancel(_ folder: SlurmFolder, of output: String) async throws -> String? {
    guard let submission = try SlurmSubmission.read(folder) else { return nil }
    let report = SlurmReport(submission, in: folder, try await Slurm.queue(of: submission.user))
    if !report.isOver { return try await cancel(report.submission, folder) }
    guard (try? StatusReport(output)) == nil else { return nil }
    return "\(submission.pipeline): all its jobs are over\n"
  }

  private static func cancel(_ submission: SlurmSubmission, _ folder: SlurmFolder) async throws -> String {
    var submission = submission
    submission.isCancelled = true
    try submission.write(folder)
    let ids = submission.jobs.compactMap(\.id)
    if !ids.isEmpty { try await Slurm.cancel(ids) }
    return
      "\(submission.pipeline): cancelled job(s) \(ids.joined(separator: ", ")); running it again resumes from saved work\n"
  }
}
