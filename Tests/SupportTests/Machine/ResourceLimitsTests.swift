import Foundation
import TestSupport
import Testing

@testable import Support

@Suite("Resource limits")
struct ResourceLimitsTests {
  private static let gib = 1 << 30

  /// The allowance on a machine with 64 processors and 256 GiB, with these files in `/proc` and `/sys`.
  private func allowance(_ files: [String: String] = [:], _ environment: [String: String] = [:]) throws -> (
    threads: Int, memory: Int
  ) {
    let folder = try TemporaryFolder()
    for (name, text) in files {
      let path = folder.file(name)
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try folder.write(name, text: text)
    }
    let allowance = ResourceLimits(
      environment: environment, root: folder.path, processors: 64, physicalMemory: UInt64(256 * Self.gib),
      addressSpace: nil)
    return (allowance.threads, allowance.memory)
  }

  @Test("Without limits it is the whole machine")
  func machine() throws {
    #expect(try allowance() == (64, 256 * Self.gib))
    #expect(ResourceLimits.threads >= 1 && ResourceLimits.threads <= ProcessInfo.processInfo.activeProcessorCount)
    #expect(ResourceLimits.memory > 0 && UInt64(ResourceLimits.memory) <= ProcessInfo.processInfo.physicalMemory)
  }

  @Test("The least limit from a version 2 group up to the top counts")
  func unified() throws {
    let files = [
      "proc/self/cgroup": "0::/slurm/job_1/step_0\n",
      "sys/fs/cgroup/slurm/job_1/step_0/memory.max": "max\n",
      "sys/fs/cgroup/slurm/job_1/step_0/cpu.max": "max 100000\n",
      "sys/fs/cgroup/slurm/job_1/memory.max": "\(8 * Self.gib)\n",
      "sys/fs/cgroup/slurm/job_1/cpu.max": "350000 100000\n",
      "sys/fs/cgroup/slurm/memory.max": "\(16 * Self.gib)\n",
      "sys/fs/cgroup/slurm/cpu.max": "800000 100000\n",
    ]
    #expect(try allowance(files) == (4, 8 * Self.gib))
  }

  @Test(
    "A container that sees only the topmost group gets its limit",
    arguments: ["0::/\n", "0::/docker/abc\n", "0::/../../job\n", "", "nonsense\n"])
  func container(groups: String) throws {
    let files = [
      "proc/self/cgroup": groups, "sys/fs/cgroup/memory.max": "\(2 * Self.gib)\n",
      "sys/fs/cgroup/cpu.max": "50000 100000\n",
    ]
    #expect(try allowance(files) == (1, 2 * Self.gib))
  }

  @Test("Version 1 has a hierarchy per controller, and a number that means no limit")
  func legacy() throws {
    let files = [
      "proc/self/cgroup": "9:cpu,cpuacct:/batch\n4:memory:/batch/job:1\n0::/\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "sys/fs/cgroup/memory/batch/job:1/memory.limit_in_bytes": "\(3 * Self.gib)\n",
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/cpu/batch/cpu.cfs_quota_us": "200000\n",
      "sys/fs/cgroup/cpu/batch/cpu.cfs_period_us": "100000\n",
    ]
    #expect(try allowance(files) == (2, 3 * Self.gib))
    let unlimited = files.filter { !$0.key.contains("batch") }
    #expect(try allowance(unlimited) == (64, 256 * Self.gib))
  }

  @Test("Slurm's memory is in MiB, for the node or for each CPU")
  func slurm() throws {
    #expect(try allowance([:], ["SLURM_MEM_PER_NODE": "4096"]).memory == 4 * Self.gib)
    #expect(
      try allowance([:], ["SLURM_MEM_PER_CPU": "2048", "SLURM_CPUS_PER_TASK": "3", "SLURM_CPUS_ON_NODE": "8"])
        == (3, 6 * Self.gib))
    #expect(try allowance([:], ["SLURM_MEM_PER_CPU": "2048", "SLURM_CPUS_ON_NODE": "8"]) == (64, 16 * Self.gib))
  }

  @Test("The least of all limits counts")
  func least() throws {
    let files = ["sys/fs/cgroup/memory.max": "\(2 * Self.gib)", "sys/fs/cgroup/cpu.max": "200000 100000"]
    #expect(
      try allowance(files, ["SLURM_MEM_PER_NODE": "1024", "SLURM_CPUS_PER_TASK": "8"]) == (2, Self.gib))
    #expect(
      try allowance(files, ["SLURM_MEM_PER_NODE": "4096", "SLURM_CPUS_PER_TASK": "1"]) == (1, 2 * Self.gib))
    #expect(try allowance([:], ["SLURM_MEM_PER_NODE": "999999999"]).memory == 256 * Self.gib)
  }

  @Test(
    "A value that is not a positive number limits nothing",
    arguments: ["", "0", "-5", "all", "9999999999999999999999", "9223372036854775807"])
  func nonsense(text: String) throws {
    #expect(
      try allowance(
        ["sys/fs/cgroup/memory.max": text, "sys/fs/cgroup/cpu.max": text],
        ["SLURM_MEM_PER_NODE": text, "SLURM_MEM_PER_CPU": text, "SLURM_CPUS_ON_NODE": text])
        == (64, 256 * Self.gib))
  }
}
