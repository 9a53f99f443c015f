import CProcess
import Foundation
import SystemPackage

/// The limits that `ulimit -v` and `ulimit -d` set to a process: to its addresses, and to what of them it may write.
///
/// They count what is reserved as well as what is used: libraries, the stacks of threads, the allocator's arenas. A thread
/// or a table that finds no room ends the process, so what is left is found out beforehand.
public struct AddressSpace: Sendable {
  /// Bytes of the limits; nil is none.
  package let addresses: Int?
  package let data: Int?
  /// Bytes of each that are taken already.
  package let usedAddresses: Int
  package let usedData: Int
  /// Threads that OpenBLAS makes as it is loaded, each of which reserves what a product takes: sooner or later, so that
  /// they are counted apart from what is used.
  let productThreads: Int

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
  package static let start = 128 << 20
  /// What OpenBLAS reserves for each thread that multiplies.
  package static let product = 128 << 20

  /// Bytes that a process with so many threads may have in memory; nil where nothing is limited.
  func memory(threads: Int) -> Int? { room(threads: threads).map { max($0, 0) } }

  package func room(threads: Int) -> Int? {
    let reserved = (threads + Self.threads) * Self.stack + productThreads * Self.product - Self.process
    return [addresses.map { $0 - usedAddresses }, data.map { $0 - usedData }].compactMap(\.self).min()
      .map { $0 - reserved }
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
