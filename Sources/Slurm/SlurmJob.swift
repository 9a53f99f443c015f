/// One Slurm job: an array of similar tasks, or a single task.
struct SlurmJob: Codable, Sendable, Equatable {
  let number: Int
  let name: String
  /// The stages of each task.
  let tasks: [[String]]
  let isArray: Bool
  /// Numbers of the jobs that must finish first.
  let needs: [Int]
  /// The memory and time expected when it was planned, for what its settings leave open.
  var megabytes: Int?
  var minutes: Int?
  /// Its Slurm id, once submitted.
  var id: String?

  /// A task's name in file names.
  func taskName(_ index: Int) -> String { "\(label).\(index)" }

  var label: String { number < 10 ? "0\(number)" : "\(number)" }

  /// The Slurm id of a task.
  func taskID(_ index: Int) -> String? { id.map { isArray ? "\($0)_\(index)" : $0 } }

  /// A task's stages, for people.
  func title(_ index: Int) -> String { tasks[index].joined(separator: ", ") }
}
