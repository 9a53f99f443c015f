/// One job for Slurm: an array of tasks that are alike, or one task.
struct SlurmJob: Codable, Sendable, Equatable {
  let number: Int
  let name: String
  /// The stages that each task runs.
  let tasks: [[String]]
  let isArray: Bool
  /// Numbers of the jobs that have to be done before.
  let needs: [Int]
  /// What Slurm calls it, once it was submitted.
  var id: String?

  /// How the tasks of a job are called in names of files.
  func taskName(_ index: Int) -> String { "\(label).\(index)" }

  var label: String { number < 10 ? "0\(number)" : "\(number)" }

  /// What Slurm calls a task.
  func taskID(_ index: Int) -> String? { id.map { isArray ? "\($0)_\(index)" : $0 } }

  /// A task for people: its stages.
  func title(_ index: Int) -> String { tasks[index].joined(separator: ", ") }
}
