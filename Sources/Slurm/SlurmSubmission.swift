import Engine
import Foundation
import Storage

/// What was submitted of a pipeline: `jobs.json` in its ``SlurmFolder``.
struct SlurmSubmission: Codable, Sendable, Equatable {
  /// Tells its jobs from others in the queue.
  let id: String
  let pipeline: String
  let submitted: String
  /// Whose jobs they are.
  let user: UInt32
  var isCancelled = false
  /// Whether Slurm refused a job: those without an id are not submitted any more.
  var isRefused = false
  /// Those without an id are not submitted yet, or whoever submitted them ended before it could say so.
  var jobs: [SlurmJob]

  init(pipeline: String, jobs: [SlurmJob]) {
    id = String(UInt64.random(in: .min ... .max), radix: 36)
    self.pipeline = pipeline
    submitted = Date.now.formatted(.iso8601)
    user = geteuid()
    self.jobs = jobs
  }

  /// The comment of a job, by which it is found.
  func comment(_ job: SlurmJob) -> String { "collapse-\(id)-\(job.number)" }

  /// What was submitted in a folder; nil where nothing was.
  ///
  /// Throws ``StreamError`` where the file is something else.
  static func read(_ folder: SlurmFolder) throws -> SlurmSubmission? {
    guard let data = FileManager.default.contents(atPath: folder.jobs) else { return nil }
    do {
      return try JSONDecoder().decode(SlurmSubmission.self, from: data)
    } catch {
      throw StreamError(
        .corrupt, file: folder.jobs, expected: "what was submitted to Slurm", found: "something else",
        advice: "look with squeue whether jobs of it are there, and remove the file")
    }
  }

  func write(_ folder: SlurmFolder) throws {
    try AtomicFile.write(folder.jobs, text: jsonLines())
  }

  /// What Slurm calls jobs that have to be there, by their numbers. Throws ``RunError`` where one was not submitted: what waits for
  /// it would not.
  func ids(of numbers: [Int]) throws -> [String] {
    try numbers.map { number in
      if let id = jobs.first(where: { $0.number == number })?.id { return id }
      throw RunError(
        file: "sbatch", expected: "job \(number) to be submitted before those that wait for it",
        found: "that it is not", advice: "end what was submitted with collapse cancel, and run it again")
    }
  }

  /// Whether jobs without an id may still be submitted.
  var isOpen: Bool { !isCancelled && !isRefused }

  /// With the ids of jobs that were submitted without its being noted.
  func found(in queue: Slurm.Queue) -> SlurmSubmission {
    var found = self
    for index in jobs.indices where jobs[index].id == nil { found.jobs[index].id = queue.jobs[comment(jobs[index])] }
    return found
  }
}
