import Foundation
import Storage

/// The files of a pipeline's jobs: `slurm` in its output folder.
///
/// - `plan.json`: the pipeline as the jobs run it; see ``PlanFile``
/// - `jobs.json`: what was submitted; see ``SlurmSubmission``
/// - `NN.sh`, `NN.tasks`: the script of a job, and the stages of its tasks, one a line
/// - `log/NN.K`, `status/NN.K.json`, `starts/NN.K`, `failures/NN.K`, `exit/NN.K`: of task K of job NN what it said, how far it
///   is, the nodes on which it started, how often it failed, and the exit status of its end
struct SlurmFolder: Sendable {
  let path: String

  static let name = "slurm"
  private static let parts = ["log", "status", "starts", "failures", "exit"]

  /// Of an output folder, by a name that holds on every node.
  init(in output: String) {
    let absolute = output.hasPrefix("/") ? output : FileManager.default.currentDirectoryPath + "/" + output
    path = (absolute as NSString).standardizingPath + "/" + Self.name
  }

  var plan: String { path + "/plan.json" }
  var jobs: String { path + "/jobs.json" }

  func script(_ job: SlurmJob) -> String { "\(path)/\(job.label).sh" }
  func tasks(_ job: SlurmJob) -> String { "\(path)/\(job.label).tasks" }
  func log(_ task: String) -> String { "\(path)/log/\(task)" }
  func status(_ task: String) -> String { "\(path)/status/\(task).json" }

  /// Makes it ready for new jobs: what is said of tasks is of those.
  func prepare() throws {
    for part in Self.parts {
      try AtomicFile.makeFolder("\(path)/\(part)")
      for file in (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(part)")) ?? [] {
        try? FileManager.default.removeItem(atPath: "\(path)/\(part)/\(file)")
      }
    }
  }

  /// Lines of a task's file in one of the parts.
  private func lines(_ part: String, _ task: String) -> [String] {
    let data = FileManager.default.contents(atPath: "\(path)/\(part)/\(task)") ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The exit status of a task that has ended for good, and whether it was interrupted because somebody ended its job.
  func exit(_ task: String) -> (status: Int, isCancelled: Bool)? {
    guard let words = lines("exit", task).first?.split(separator: " "), let status = words.first.flatMap({ Int($0) })
    else { return nil }
    return (status, words.dropFirst().first == "cancelled")
  }

  /// The nodes on which a task started, in order.
  func starts(_ task: String) -> [String] { lines("starts", task) }

  /// The last lines that a task said.
  func words(_ task: String) -> [String] { Array(lines("log", task).suffix(3)) }
}
