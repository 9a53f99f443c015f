import Foundation
import Support

extension AddressSpace {
  /// Refuses, before any thread is made, a limit within which not even the start fits.
  public func check(threads: Int = ResourceLimits.threads) throws {
    try check(threads, products: 0, "this process to start")
  }

  /// Refuses a limit that has no room for so many threads to multiply matrices at once.
  package func checkProducts(threads: Int) throws {
    try check(threads, products: threads, "\(threads) thread(s) to multiply matrices")
  }

  private func check(_ threads: Int, products: Int, _ what: String) throws {
    let needed = Self.start + products * Self.product
    guard let room = room(threads: threads), room < needed else { return }
    let isData = addresses.map { $0 - usedAddresses > (data ?? .max) - usedData } ?? true
    let (limit, option) = ((isData ? data : addresses) ?? 0, isData ? "-d" : "-v")
    throw RunError(
      expected: "a limit of \(ByteCount.describe(limit + needed - room)) at least for \(what)",
      found: "\(ByteCount.describe(limit)) (ulimit \(option))",
      advice: "raise it, as in ulimit \(option) unlimited" + (products > 1 ? ", or give fewer --threads" : ""))
  }
}

/// What the system says of this process's memory.
package enum ProcessMemory {
  /// Has `VmHWM` count from what there is now, where the system can.
  package static func resetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
  }

  /// Bytes of a line of `/proc/self/status`: `VmRSS`, `VmHWM`, `VmSize`; 0 if it is missing.
  package static func bytes(_ name: String) -> Int {
    let text = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) }
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.flatMap { $0.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first }.map { $0 << 10 } ?? 0
  }
}
