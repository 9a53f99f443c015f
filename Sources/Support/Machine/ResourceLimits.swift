import CProcess
import Foundation

/// The share of the machine available to this process. By default it never uses more.
package struct ResourceLimits {
  /// Threads: the CPU affinity, limited by a cgroup quota and `SLURM_CPUS_PER_TASK`.
  package static var threads: Int { ResourceLimits().threads }

  /// Bytes: the physical memory, limited by a cgroup, by the Slurm request, and by `ulimit -v` and `-d`.
  package static var memory: Int { ResourceLimits().memory }

  /// Default memory limit of a stage in bytes: nine tenths of ``memory``.
  package static var standardMemory: Int { memory / 10 * 9 }

  /// The memory that a stage may take, in bytes: what it was given, or ``standardMemory``, but never more than the
  /// process can have.
  package static func memory(given: Int?) -> Int {
    let limits = ResourceLimits()
    return min(given ?? limits.memory / 10 * 9, limits.hardMemory ?? .max)
  }

  /// The start of advice on getting more memory: from Slurm in a Slurm job without `--memory`, otherwise `--memory`.
  ///
  /// - Parameters:
  ///   - given: the value of `--memory`, if given.
  ///   - needed: how many bytes would do; no `--memory` helps beyond what the system allows.
  package static func adviceToRaiseMemory(
    than given: Int?, to needed: Int = 0, environment: [String: String] = ProcessInfo.processInfo.environment
  )
    -> String
  {
    let limits = ResourceLimits()
    if let space = limits.addressSpace, let most = space.memory(threads: limits.threads), most < needed {
      return "raise the limit on the process, as in ulimit \(space.smallest?.option ?? "-v") unlimited"
    }
    if let most = limits.controlGroup.memory, most < needed {
      return "give the job's cgroup or container more"
    }
    guard given == nil, environment["SLURM_JOB_ID"] != nil else { return "give --memory more" }
    return "ask Slurm for more: memory under slurm: in the pipeline file, or sbatch --mem"
  }

  /// Number of processors that this thread and its children may use. Foundation would count those of the whole machine.
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
  ///   - root: the folder that contains `proc` and `sys`.
  ///   - processors: number of processors that this process may use.
  ///   - physicalMemory: memory of the machine in bytes.
  ///   - addressSpace: the limits of the process itself.
  init(
    environment: [String: String] = ProcessInfo.processInfo.environment, root: String = "/",
    processors: Int = ResourceLimits.affinity,
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

  /// The bytes beyond which the system refuses memory or ends the process; nil if unlimited.
  var hardMemory: Int? {
    [controlGroup.memory, addressSpace?.memory(threads: threads)].compactMap(\.self).min()
  }

  /// Bytes of `--mem`, or of `--mem-per-cpu` times the CPUs. Slurm sets one of them, in MiB.
  private var slurmMemory: Int? {
    if let node = number("SLURM_MEM_PER_NODE") { return product(node, 1 << 20) }
    guard let each = number("SLURM_MEM_PER_CPU"),
      let processors = number("SLURM_CPUS_PER_TASK") ?? number("SLURM_CPUS_ON_NODE")
    else { return nil }
    return product(each, processors).flatMap { product($0, 1 << 20) }
  }

  /// A positive number from the environment.
  private func number(_ variable: String) -> Int? {
    environment[variable].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  private func product(_ a: Int, _ b: Int) -> Int? {
    let (product, isTooLarge) = a.multipliedReportingOverflow(by: b)
    return isTooLarge ? nil : product
  }
}
