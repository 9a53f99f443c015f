import Engine
import Foundation
import Plan
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
    guard let data = try Files.contents(of: folder.jobs) else { return nil }
    guard let submission = try? JSONDecoder().decode(SlurmSubmission.self, from: data), submission.isSound else {
      throw StreamError(
        .corrupt, file: folder.jobs, expected: "a record of submitted Slurm jobs", found: "something else",
        advice: "check with squeue that none of its jobs are left, and remove the file")
    }
    return submission
  }

  /// Whether every field has values that this program writes. They become words of commands and scripts.
  private var isSound: Bool {
    (1...13).contains(id.utf8.count) && id.utf8.allSatisfy { Self.isDigit($0) || (0x61...0x7A).contains($0) }
      && zip(jobs, 1...).allSatisfy { $0.number == $1 && $0.isSound }
  }

  fileprivate static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

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

  /// Whether a job in the queue is one of these: its script is ours. If Slurm does not name its script, its comment is.
  func made(_ origin: Slurm.Origin, _ job: SlurmJob, in folder: SlurmFolder) -> Bool {
    guard !origin.script.isEmpty else { return origin.comment == comment(job) }
    return Files.resolved(origin.script) == Files.resolved(folder.script(job))
  }

  /// A copy with the ids of jobs that were submitted but not recorded.
  func found(in queue: Slurm.Queue) -> SlurmSubmission {
    var found = self
    for index in jobs.indices where jobs[index].id == nil { found.jobs[index].id = queue.jobs[comment(jobs[index])] }
    return found
  }
}

extension SlurmJob {
  fileprivate var isSound: Bool {
    guard needs.allSatisfy({ $0 > 0 && $0 < number }), (megabytes ?? 1) > 0, (minutes ?? 1) > 0 else { return false }
    guard !tasks.isEmpty, isArray || tasks.count == 1 else { return false }
    guard tasks.allSatisfy({ !$0.isEmpty && $0.allSatisfy(PlanFile.isStageName) }) else { return false }
    guard let id else { return true }
    return (1...20).contains(id.utf8.count) && id.utf8.allSatisfy(SlurmSubmission.isDigit)
  }
}
