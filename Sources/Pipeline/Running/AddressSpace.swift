import CProcess
import Embeddings
import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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

  init(addresses: Int?, data: Int?, usedAddresses: Int, usedData: Int) {
    self.addresses = addresses
    self.data = data
    self.usedAddresses = usedAddresses
    self.usedData = usedData
  }

  /// As this process found it when it began.
  public static let atStart: AddressSpace = {
    let space = AddressSpace(
      addresses: limit(Int32(RLIMIT_AS.rawValue)), data: limit(Int32(RLIMIT_DATA.rawValue)),
      usedAddresses: ProcessMemory.bytes("VmSize"),
      usedData: ProcessMemory.bytes("VmData"))
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
  /// What OpenBLAS reserves for each thread that multiplies, and once as it is loaded.
  private static let product = 128 << 20

  /// Bytes that a process with so many threads may have in memory; nil where nothing is limited.
  func memory(threads: Int) -> Int? { room(threads: threads).map { max($0, 0) } }

  private func room(threads: Int) -> Int? {
    let reserved = (threads + Self.threads) * Self.stack + Self.product - Self.process
    return [addresses.map { $0 - usedAddresses }, data.map { $0 - usedData }].compactMap(\.self).min()
      .map { $0 - reserved }
  }

  /// Refuses, before any thread is made, a limit within which not even the start fits.
  public func check(threads: Int = Allowance.threads) throws {
    try check(threads, products: 0, "this process to start")
  }

  /// Refuses a limit that has no room for so many threads to multiply matrices at once.
  func checkProducts(threads: Int) throws {
    try check(threads, products: threads, "\(threads) thread(s) to multiply matrices")
  }

  private func check(_ threads: Int, products: Int, _ what: String) throws {
    let needed = Self.process + products * Self.product
    guard let room = room(threads: threads), room < needed else { return }
    let isData = addresses.map { $0 - usedAddresses > (data ?? .max) - usedData } ?? true
    let (limit, option) = ((isData ? data : addresses) ?? 0, isData ? "-d" : "-v")
    throw RunError(
      Diagnosis(
        expected: "a limit of \(ByteCount.describe(limit + needed - room)) at least for \(what)",
        found: "\(ByteCount.describe(limit)) (ulimit \(option))",
        advice: "raise it, as in ulimit \(option) unlimited" + (products > 1 ? ", or give fewer --threads" : "")))
  }

  private static func limit(_ resource: Int32) -> Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur != .max else { return nil }
    return Int(clamping: limit.rlim_cur)
  }
}

/// What the system says of this process's memory.
enum ProcessMemory {
  /// Bytes of a line of `/proc/self/status`: `VmRSS`, `VmHWM`, `VmSize`; 0 where there is none.
  static func bytes(_ name: String) -> Int {
    let text = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) }
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.flatMap { $0.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first }.map { $0 << 10 } ?? 0
  }
}
