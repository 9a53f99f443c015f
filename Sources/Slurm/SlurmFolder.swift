import Foundation
import Storage

/// The files of a pipeline's jobs: the folder `slurm` in its output folder.
///
/// - `plan.json`: the pipeline as the jobs run it; see ``PlanFile``
/// - `jobs.json`: the submitted jobs; see ``SlurmSubmission``
/// - `NN.sh`, `NN.tasks`: the script of a job, and the stages of its tasks, one task per line
/// - `log/NN.K`, `status/NN.K.json`, `starts/NN.K`, `failures/NN.K`, `exit/NN.K`: for task K of job NN, its log, its
///   status, the nodes it started on, its failures, and its final exit status
struct SlurmFolder: Sendable {
  let path: String

  static let name = "slurm"
  private static let parts = ["log", "status", "starts", "failures", "exit"]

  /// The folder for an output folder, by an absolute path that is valid on every node.
  init(in output: String) {
    let absolute = output.hasPrefix("/") ? output : Files.workingFolder + "/" + output
    path = (absolute as NSString).standardizingPath + "/" + Self.name
  }

  var plan: String { path + "/plan.json" }
  var jobs: String { path + "/jobs.json" }

  func script(_ job: SlurmJob) -> String { "\(path)/\(job.label).sh" }
  func tasks(_ job: SlurmJob) -> String { "\(path)/\(job.label).tasks" }
  func log(_ task: String) -> String { "\(path)/log/\(task)" }
  func status(_ task: String) -> String { "\(path)/status/\(task).json" }

  /// Prepares the folder for new jobs and removes the files of earlier tasks. The caller holds its lock.
  ///
  /// Throws `ReplacementError` if the folder holds anything else than the files of jobs.
  func prepare() throws {
    try checkContents()
    Leftovers.remove(in: path)
    for part in Self.parts {
      try AtomicFile.makeFolder("\(path)/\(part)")
      for file in (try? Files.names(in: "\(path)/\(part)")) ?? [] { Files.remove("\(path)/\(part)/\(file)") }
    }
  }

  /// Removes what lies where jobs that are not submitted yet, and their tasks, will write.
  func prepare(_ jobs: [SlurmJob]) throws {
    for part in Self.parts { try AtomicFile.makeFolder("\(path)/\(part)") }
    for job in jobs {
      for file in [script(job), tasks(job)] { Files.remove(file) }
      for task in job.tasks.indices.map(job.taskName) {
        let files = Self.parts.map { "\(path)/\($0)/\(task)" } + ["\(path)/exit/.\(task)", status(task)]
        for file in files { Files.remove(file) }
      }
    }
  }

  /// Throws `StreamError` if the folder, or an entry of it, is a symbolic link, through which jobs would write elsewhere.
  func refuseLinks() throws {
    let entries = ((try? Files.names(in: path)) ?? []).map { "\(path)/\($0)" }
    guard let link = ([path] + entries).first(where: { Files.target(ofLink: $0) != nil }) else { return }
    throw StreamError(
      .cannotWrite, file: link, expected: "no links in the folder of jobs", found: "a symbolic link",
      advice: "remove it, or choose another folder with --set out=FOLDER")
  }

  /// A folder that has a plan or jobs of ours is ours.
  private func checkContents() throws {
    for file in [plan, jobs] { try OutputRules.ofProcess.check(file) }
    let known = [plan, jobs].contains { Files.size(of: $0) ?? 0 > 0 }
    for part in Self.parts.map({ "\(path)/\($0)" }) {
      guard !known, (try? Files.names(in: part))?.isEmpty == false else { continue }
      throw ReplacementError(
        part, expected: "a folder of this pipeline's jobs", found: "one with other files",
        advice: "choose another folder for out:, or move that one away")
    }
  }

  /// Lines of a task's file in one of the subfolders.
  private func lines(_ part: String, _ task: String) -> [String] {
    // What cannot be read now may be readable when the tasks are looked at again.
    let data = (try? Files.contents(of: "\(path)/\(part)/\(task)")) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The final exit status of a task, and whether it was interrupted because its job was cancelled. Nil if it has not
  /// ended.
  func exit(_ task: String) -> (status: Int, isCancelled: Bool)? {
    guard let words = lines("exit", task).first?.split(separator: " "), let status = words.first.flatMap({ Int($0) })
    else { return nil }
    return (status, words.dropFirst().first == "cancelled")
  }

  /// The nodes where a task started, in order.
  func starts(_ task: String) -> [String] { lines("starts", task) }

  /// The last lines of a task's log.
  func words(_ task: String) -> [String] { Array(lines("log", task).suffix(3)) }
}
