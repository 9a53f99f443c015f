import Foundation

/// What this process was given of the machine: never more is used by default.
public enum Allowance {
  /// Threads: the CPU affinity, limited by a cgroup's quota and by `SLURM_CPUS_PER_TASK`.
  public static var threads: Int {
    var count = ProcessInfo.processInfo.activeProcessorCount
    if let quota = cgroupQuota() { count = min(count, quota) }
    if let slurm = ProcessInfo.processInfo.environment["SLURM_CPUS_PER_TASK"].flatMap({ Int($0) }), slurm > 0 {
      count = min(count, slurm)
    }
    return max(count, 1)
  }

  /// Whole CPUs of the cgroup's bandwidth limit, version 2 or 1.
  private static func cgroupQuota() -> Int? {
    func numbers(_ path: String) -> [Double?] {
      let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
      return text.split(whereSeparator: \.isWhitespace).map { Double($0) }
    }
    func cpus(_ quota: Double?, _ period: Double?) -> Int? {
      guard let quota, let period, quota > 0, period > 0 else { return nil }
      return max(1, Int((quota / period).rounded(.up)))
    }
    let unified = numbers("/sys/fs/cgroup/cpu.max")
    if unified.count == 2 { return cpus(unified[0], unified[1]) }
    let legacy = "/sys/fs/cgroup/cpu/cpu.cfs_"
    return cpus(numbers(legacy + "quota_us").first ?? nil, numbers(legacy + "period_us").first ?? nil)
  }
}
