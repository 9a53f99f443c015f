import Foundation
import Support

extension AddressSpace {
  /// Throws ``RunError`` if the limit is too small to start with this many threads. Called before any thread is made.
  package func check(threads: Int = ResourceLimits.threads) throws {
    try check(threads, products: 0, "this process to start")
  }

  /// Throws ``RunError`` if the limit has no room for this many threads to multiply matrices at once.
  package func checkProducts(threads: Int) throws {
    try check(threads, products: threads, "\(threads) thread(s) to multiply matrices")
  }

  private func check(_ threads: Int, products: Int, _ what: String) throws {
    let needed = Self.start + products * Self.product
    guard let room = room(threads: threads), room < needed, let (limit, option) = smallest else { return }
    throw RunError(
      expected: "a limit of at least \(ByteCount.describe(limit + needed - room)) for \(what)",
      found: "\(ByteCount.describe(limit)) (ulimit \(option))",
      advice: "raise it, as in ulimit \(option) unlimited" + (products > 1 ? ", or give fewer --threads" : ""))
  }
}

/// This process's memory as the system reports it.
package enum ProcessMemory {
  /// Resets `VmHWM` to the current size, if the system supports it.
  package static func resetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
  }

  /// Bytes of a line of `/proc/self/status`, such as `VmRSS`, `VmHWM` or `VmSize`; 0 if absent.
  package static func bytes(_ name: String) -> Int {
    let text = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) }
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.flatMap { $0.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first }.map { $0 << 10 } ?? 0
  }
}
