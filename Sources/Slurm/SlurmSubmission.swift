import Engine
import Foundation
import Storage

/// The submitted jobs of a pipeline: `jobs.json` in its ``SlurmFolder``.
struct SlurmSubmission: Codable, Sendable, Equatable {
  /// Identifies its jobs in the queue.
  let id: String
  let pipeline: String
  let submitted: String
  /// The user who owns the jobs.
  let user: UInt32
  var isCancelled = false
  /// Whether Slurm refused a job. Jobs without an id are then not submitted.
  var isRefused = false
  /// Jobs without an id are not submitted yet, or their submitter ended before recording it.
  var jobs: [SlurmJob]

  init(pipeline: String, jobs: [SlurmJob]) {
    id = String(UInt64.random(in: .min ... .max), radix: 36)
    self.pipeline = pipeline
    submitted = Date.now.formatted(.iso8601)
    user = geteuid()
    self.jobs = jobs
  }

  /// The comment that identifies a job in the queue.
  func comment(_ job: SlurmJob) -> String { "collapse-\(id)-\(job.number)" }

  /// Reads the submission of a folder; nil if there is none.
  ///
  /// Throws ``StreamError`` if the file is something else.
  static func read(_ folder: SlurmFolder) throws -> SlurmSubmission? {
    guard let data = Files.contents(of: folder.jobs) else { return nil }
    do {
      return try JSONDecoder().decode(SlurmSubmission.self, from: data)
    } catch {
      throw StreamError(
        .corrupt, file: folder.jobs, expected: "a record of submitted Slurm jobs", found: "something else",
        advice: "check with squeue that none of its jobs are left, and remove the file")
    }
  }

  func write(_ folder: SlurmFolder) throws {
    try AtomicFile.write(folder.jobs, text: jsonLines())
  }

  /// The Slurm ids of required jobs, by their numbers. Throws ``RunError`` if one was not submitted, because a
  /// dependent job would not wait for it.
  func ids(of numbers: [Int]) throws -> [String] {
    try numbers.map { number in
      if let id = jobs.first(where: { $0.number == number })?.id { return id }
      throw RunError(
        file: "sbatch", expected: "job \(number) to be submitted before its dependents",
        found: "no id for it", advice: "end the submitted jobs with collapse cancel, and run it again")
    }
  }

  /// Whether jobs without an id may still be submitted.
  var isOpen: Bool { !isCancelled && !isRefused }

  /// A copy with the ids of jobs that were submitted but not recorded.
  func found(in queue: Slurm.Queue) -> SlurmSubmission {
    var found = self
    for index in jobs.indices where jobs[index].id == nil { found.jobs[index].id = queue.jobs[comment(jobs[index])] }
    return found
  }
}
