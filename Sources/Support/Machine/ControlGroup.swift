import Foundation

/// The limits of this process's control groups, version 2 or 1.
///
/// All groups above a group limit it too, so the smallest limit from its own folder up to the root counts. A container
/// often sees only the root, which is then its own group.
struct ControlGroup {
  /// The folder that contains `proc` and `sys`.
  let root: String

  /// The bandwidth limit in whole CPUs.
  var processors: Int? {
    let unified = folders(of: nil).map { words($0 + "cpu.max") }
      .compactMap { $0.count == 2 ? cpus($0[0], $0[1]) : nil }
    let legacy = folders(of: "cpu").compactMap { folder in
      cpus(words(folder + "cpu.cfs_quota_us").first, words(folder + "cpu.cfs_period_us").first)
    }
    return (unified + legacy).min()
  }

  /// The memory limit in bytes.
  var memory: Int? {
    let files = folders(of: nil).map { $0 + "memory.max" } + folders(of: "memory").map { $0 + "memory.limit_in_bytes" }
    return files.compactMap { words($0).first.flatMap { Int($0) } }.filter { $0 > 0 }.min()
  }

  /// A group without a limit has the quota `max` in version 2, −1 in version 1.
  private func cpus(_ quota: Substring?, _ period: Substring?) -> Int? {
    guard let quota = quota.flatMap({ Double($0) }), let period = period.flatMap({ Double($0) }), quota > 0, period > 0
    else { return nil }
    return max(1, Int(exactly: (quota / period).rounded(.up)) ?? .max)
  }

  /// The group's folders, from the root down: for a controller of version 1, or for version 2 if `controller` is nil.
  private func folders(of controller: String?) -> [String] {
    let top = root + "/sys/fs/cgroup/" + (controller.map { $0 + "/" } ?? "")
    var names = path(of: controller).split(separator: "/")
    // The group lies outside the part of the hierarchy that this process sees.
    if names.contains("..") { names = [] }
    return (0...names.count).map { depth in top + names[..<depth].map { $0 + "/" }.joined() }
  }

  /// The group's path in the hierarchy. Lines of `/proc/self/cgroup` are `number:controllers:path`; version 2 has
  /// number 0 and no controllers.
  private func path(of controller: String?) -> Substring {
    for line in text(root + "/proc/self/cgroup").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",")
      if controller.map({ controllers.contains($0[...]) }) ?? (fields[0] == "0") { return fields[2] }
    }
    return ""
  }

  private func words(_ path: String) -> [Substring] { text(path).split(whereSeparator: \.isWhitespace) }

  private func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
