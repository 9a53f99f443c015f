import CProcess
import Dispatch
import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#endif

/// Signals to this process, in the order of their arrival. Each one that comes after the initializer is seen, even on a
/// machine so busy that threads wait for seconds: a handler in C writes its number into a pipe at once. Signals of one
/// number count once if they come before the system delivers the first.
///
/// A process makes one, since its pipe and handlers are the process's own.
struct SignalSource {
  private let source: any DispatchSourceRead

  /// Calls `handle` with the number of each signal, one call at a time, on a thread of Dispatch.
  ///
  /// Throws `Errno` if the pipe or a handler cannot be set up.
  init(of signals: [Int32], handle: @escaping @Sendable (Int32) -> Void) throws {
    let end = collapse_signals_as_bytes(signals, Int32(signals.count))
    guard end >= 0 else { throw Errno(rawValue: errno) }
    source = DispatchSource.makeReadSource(fileDescriptor: end, queue: DispatchQueue(label: "signals"))
    source.setEventHandler {
      var bytes = [UInt8](repeating: 0, count: 64)
      let count = read(end, &bytes, bytes.count)
      for byte in bytes.prefix(max(0, count)) { handle(Int32(byte)) }
    }
    source.resume()
  }

  /// Calls nothing any more.
  func cancel() { source.cancel() }
}
