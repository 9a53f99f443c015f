import CProcess
import Foundation
import SystemPackage

/// The limits of `ulimit -v` and `ulimit -d` on a process: its address space, and the writable part of it.
///
/// They count reserved as well as used memory: libraries, thread stacks, the allocator's arenas. The process dies if a
/// thread or table exceeds them, so the remaining room is computed beforehand.
package struct AddressSpace: Sendable {
  /// Limits in bytes; nil if unlimited.
  package let addresses: Int?
  package let data: Int?
  /// Bytes of each already used.
  package let usedAddresses: Int
  package let usedData: Int
  /// Threads that OpenBLAS starts when loaded. Each reserves a product buffer sooner or later, so these buffers are
  /// counted separately from used memory.
  let productThreads: Int

  /// The limits at the start of this process.
  package static let atStart: AddressSpace = {
    let used = mapped
    let space = AddressSpace(
      addresses: limit(Int32(RLIMIT_AS.rawValue)), data: limit(Int32(RLIMIT_DATA.rawValue)),
      usedAddresses: used.addresses, usedData: used.data, productThreads: max(ResourceLimits.affinity - 1, 0))
    if space.isLimited { collapse_share_one_arena() }
    return space
  }()

  var isLimited: Bool { addresses != nil || data != nil }

  /// Bytes of a thread's stack.
  private static let stack = 8 << 20
  /// Threads in addition to those requested: executors, the pool, signals.
  private static let threads = 8
  /// Bytes that ``MemoryPlan`` counts for the process itself.
  private static let process = 64 << 20
  /// Bytes for the process and for opening an input, before there is a plan.
  package static let start = 128 << 20
  /// Bytes that OpenBLAS reserves for each multiplying thread.
  package static let product = 128 << 20

  /// The limit that will be reached first, with the option of `ulimit` that sets it; nil if unlimited.
  package var smallest: (bytes: Int, option: String)? {
    let isData = addresses.map { $0 - usedAddresses > (data ?? .max) - usedData } ?? true
    return (isData ? data : addresses).map { ($0, isData ? "-d" : "-v") }
  }

  /// Bytes of memory available to a process with this many threads; nil if unlimited.
  func memory(threads: Int) -> Int? { room(threads: threads).map { max($0, 0) } }

  package func room(threads: Int) -> Int? {
    let reserved = (threads + Self.threads) * Self.stack + productThreads * Self.product - Self.process
    return [addresses.map { $0 - usedAddresses }, data.map { $0 - usedData }].compactMap(\.self).min()
      .map { $0 - reserved }
  }

  /// Bytes of this process's mappings, and of its private writable ones, without the buffers OpenBLAS has reserved so
  /// far.
  private static var mapped: (addresses: Int, data: Int) {
    // The kernel serves this file a page at a time, and its size is unknown.
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

  /// The same for a `maps` text, as described in proc(5).
  static func mapped(_ maps: String) -> (addresses: Int, data: Int) {
    var (addresses, data) = (0, 0)
    for line in maps.split(separator: "\n") where !line.hasSuffix("[vsyscall]") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      let ends = (fields.first ?? "").split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard fields.count >= 5, ends.count == 2, ends[0] <= ends[1] else { continue }
      var bytes = Int(clamping: ends[1] - ends[0])
      let isOwn = fields[1].hasPrefix("rw") && fields[1].hasSuffix("p")
      // The kernel merges adjacent mappings of the same kind.
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
