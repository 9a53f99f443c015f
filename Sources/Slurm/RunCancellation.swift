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
    return try stop(try StatusReport(output).record, of: StatusReport.file(of: output))
  }

  /// Asks the process of a run to stop, and returns a message.
  ///
  /// A status file may be anyone's, so the process must prove to be a run of this user that writes this file.
  private static func stop(_ record: StatusRecord, of file: String) throws -> String {
    guard record.state == .running, record.owner.presence != .gone else {
      return "\(record.pipeline): not running\n"
    }
    guard record.owner.presence == .alive else {
      throw RunError(
        file: file, expected: "a run on this machine", found: record.owner.description,
        advice: "run collapse cancel on that machine")
    }
    do {
      try RunningProcess(record.owner).stop(writing: file)
    } catch let error as RunningProcess.Refusal {
      throw RunError(
        file: file, expected: "a run of collapse by this user that writes this file",
        found: "\(record.owner.description), \(error.reason)",
        advice: "nothing was ended; if your run made this file, end it where it was started")
    }
    return "\(record.pipeline): asked \(record.owner.description) to save its work and stop\n"
  }

  /// Ends the jobs of a folder and returns a message; nil if something other than its jobs decides.
  private static func cancel(_ folder: SlurmFolder, of output: String) async throws -> String? {
    guard let submission = try SlurmSubmission.read(folder) else { return nil }
    let queue = try await Slurm.queue(of: submission.user)
    let report = SlurmReport(submission, in: folder, queue)
    if !report.isOver { return try await cancel(report.submission, folder, queue) }
    guard (try? StatusReport(output)) == nil else { return nil }
    return "\(submission.pipeline): all its jobs are over\n"
  }

  /// Ends the jobs that Slurm confirms to be of this submission. A record may name anyone's.
  private static func cancel(
    _ submission: SlurmSubmission, _ folder: SlurmFolder, _ queue: Slurm.Queue
  ) async throws -> String {
    let known = submission.jobs.filter { $0.id.map { queue.origins[$0] != nil } ?? false }
    let foreign = known.filter { job in
      job.id.flatMap { queue.origins[$0] }.map { !submission.made($0, job, in: folder) } ?? false
    }
    guard foreign.isEmpty, submission.user == geteuid() else {
      let ids = (foreign.isEmpty ? known : foreign).compactMap(\.id).joined(separator: ", ")
      throw RunError(
        file: folder.jobs, expected: "jobs that this user submitted from this folder",
        found:
          "job(s) \(ids) of user \(submission.user), submitted \(foreign.isEmpty ? "by that user" : "from elsewhere")",
        advice: "nothing was ended; look at squeue, and end your own jobs with scancel")
    }
    var submission = submission
    submission.isCancelled = true
    try submission.write(folder)
    let ids = known.compactMap(\.id)
    if !ids.isEmpty { try await Slurm.cancel(ids) }
    return
      "\(submission.pipeline): cancelled job(s) \(ids.joined(separator: ", ")); running it again resumes from saved work\n"
  }
}
