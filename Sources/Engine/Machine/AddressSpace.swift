import CProcess
import Foundation
import Support
import SystemPackage

/// The limits that `ulimit -v` and `ulimit -d` set to a process: to its addresses, and to what of them it may write.
///
/// They count what is reserved as well as what is used: libraries, the stacks of threads, the allocator's arenas. A thread
/// or a table that finds no room ends the process, so what is left is found out beforehand.
public struct AddressSpace: Sendable {
  /// Bytes of the limits; nil is none.
  let addresses: Int?
  let data: Int?
  /// Bytes of each that are taken already.
  let usedAddresses: Int
  let usedData: Int
  /// Threads that OpenBLAS makes as it is loaded, each of which reserves what a product takes: sooner or later, so that
  /// they are counted apart from what is used.
  let productThreads: Int

  init(addresses: Int?, data: Int?, usedAddresses: Int, usedData: Int, productThreads: Int) {
    (self.addresses, self.data, self.usedAddresses) = (addresses, data, usedAddresses)
    (self.usedData, self.productThreads) = (usedData, productThreads)
  }

  /// As this process found it when it began.
  public static let atStart: AddressSpace = {
    let used = mapped
    let space = AddressSpace(
      addresses: limit(Int32(RLIMIT_AS.rawValue)), data: limit(Int32(RLIMIT_DATA.rawValue)),
      usedAddresses: used.addresses, usedData: used.data, productThreads: max(Allowance.affinity - 1, 0))
    if space.isLimited { collapse_share_one_arena() }
    return space
  }()

  var isLimited: Bool { addresses != nil || data != nil }

  /// Stack of a thread.
  private static let stack = 8 << 20
  /// Threads beside those that were asked for: executors, the pool, signals.
  private static let threads = 8
  /// The process as ``MemoryPlan`` counts it.
  private static let process = 64 << 20
  /// The process and what it takes to look at an input, before there is a plan.
  private static let start = 128 << 20
  /// What OpenBLAS reserves for each thread that multiplies.
  private static let product = 128 << 20

  /// Bytes that a process with so many threads may have in memory; nil where nothing is limited.
  func memory(threads: Int) -> Int? { room(threads: threads).map { max($0, 0) } }

  private func room(threads: Int) -> Int? {
    let reserved = (threads + Self.threads) * Self.stack + productThreads * Self.product - Self.process
    return [addresses.map { $0 - usedAddresses }, data.map { $0 - usedData }].compactMap(\.self).min()
      .map { $0 - reserved }
  }

  /// Refuses, before any thread is made, a limit within which not even the start fits.
  public func check(threads: Int = Allowance.threads) throws {
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

  /// Bytes of this process's mappings, and of those it alone may write, without what OpenBLAS has reserved by now.
  private static var mapped: (addresses: Int, data: Int) {
    // Such a file is had a page at a time, and no size says how long it is.
    guard let file = try? FileDescriptor.open("/proc/self/maps", .readOnly, options: .closeOnExec) else {
      return (0, 0)
    }
    var text: [UInt8] = []
    try? file.closeAfter {
      var page = [UInt8](repeating: 0, count: 1 << 14)
      while case let count = try page.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
        text += page[..<count]
      }
    }
    return mapped(String(decoding: text, as: UTF8.self))
  }

  /// The same, of `maps` as proc(5) describes it.
  static func mapped(_ maps: String) -> (addresses: Int, data: Int) {
    var (addresses, data) = (0, 0)
    for line in maps.split(separator: "\n") where !line.hasSuffix("[vsyscall]") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      let ends = (fields.first ?? "").split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard fields.count >= 5, ends.count == 2, ends[0] <= ends[1] else { continue }
      var bytes = Int(clamping: ends[1] - ends[0])
      let isOwn = fields[1].hasPrefix("rw") && fields[1].hasSuffix("p")
      // Neighbours of one kind are one mapping.
      if isOwn, fields.count == 5 { bytes %= product }
      addresses += bytes
      if isOwn { data += bytes }
    }
    return (addresses, data)
  }

  private static func limit(_ resource: Int32) -> Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur != .max else { return nil }
    return Int(clamping: limit.rlim_cur)
  }
}

/// What the system says of this process's memory.
package enum ProcessMemory {
  /// Has `VmHWM` count from what there is now, where the system can.
  package static func forgetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
  }

  /// Bytes of a line of `/proc/self/status`: `VmRSS`, `VmHWM`, `VmSize`; 0 where there is none.
  package static func bytes(_ name: String) -> Int {
    let text = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) }
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.flatMap { $0.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first }.map { $0 << 10 } ?? 0
  }
}
