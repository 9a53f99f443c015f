import CProcess
import Foundation

/// What this process was given of the machine: never more is used by default.
public struct Allowance {
  /// Threads: the CPU affinity, limited by a cgroup's quota and by `SLURM_CPUS_PER_TASK`.
  public static var threads: Int { Allowance().threads }

  /// Bytes: the physical memory, limited by a cgroup, by what Slurm was asked for, and by `ulimit -v` and `-d`.
  public static var memory: Int { Allowance().memory }

  /// Bytes that a stage takes where no bound is given: what the job was given, less what others of it need.
  package static var standardMemory: Int { memory / 10 * 9 }

  /// How to get more memory, as the beginning of advice: by the option, where that bounds it or nothing does, else from Slurm.
  ///
  /// - Parameter given: the option, where it was given.
  package static func adviceForMore(
    than given: Int?, environment: [String: String] = ProcessInfo.processInfo.environment
  )
    -> String
  {
    guard given == nil, environment["SLURM_JOB_ID"] != nil else { return "give --memory more" }
    return "ask Slurm for more: memory under slurm: in the pipeline file, or sbatch --mem"
  }

  /// Processors that this thread, and so those it makes, may run on. Foundation has those of the machine.
  static var affinity: Int {
    let count = Int(collapse_processors())
    return count > 0 ? count : ProcessInfo.processInfo.activeProcessorCount
  }

  private let environment: [String: String]
  private let controlGroup: ControlGroup
  private let processors: Int
  private let physicalMemory: Int
  private let addressSpace: AddressSpace?

  /// - Parameters:
  ///   - root: the folder that has `proc` and `sys`.
  ///   - processors: those this process may run on.
  ///   - physicalMemory: bytes of the machine.
  ///   - addressSpace: the limits of the process itself.
  init(
    environment: [String: String] = ProcessInfo.processInfo.environment, root: String = "/",
    processors: Int = Allowance.affinity,
    physicalMemory: UInt64 = ProcessInfo.processInfo.physicalMemory, addressSpace: AddressSpace? = .atStart
  ) {
    self.environment = environment
    controlGroup = ControlGroup(root: root)
    (self.processors, self.addressSpace) = (processors, addressSpace)
    self.physicalMemory = Int(clamping: physicalMemory)
  }

  var threads: Int {
    max(1, [processors, controlGroup.processors, number("SLURM_CPUS_PER_TASK")].compactMap(\.self).min() ?? 1)
  }

  var memory: Int {
    [physicalMemory, controlGroup.memory, slurmMemory, addressSpace?.memory(threads: threads)].compactMap(\.self).min()
      ?? physicalMemory
  }

  /// Bytes of `--mem`, or of `--mem-per-cpu` for each CPU; Slurm sets one of them, in MiB.
  private var slurmMemory: Int? {
    if let node = number("SLURM_MEM_PER_NODE") { return product(node, 1 << 20) }
    guard let each = number("SLURM_MEM_PER_CPU"),
      let processors = number("SLURM_CPUS_PER_TASK") ?? number("SLURM_CPUS_ON_NODE")
    else { return nil }
    return product(each, processors).flatMap { product($0, 1 << 20) }
  }

  /// A positive number of the environment.
  private func number(_ variable: String) -> Int? {
    environment[variable].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  private func product(_ a: Int, _ b: Int) -> Int? {
    let (product, isTooLarge) = a.multipliedReportingOverflow(by: b)
    return isTooLarge ? nil : product
  }
}
