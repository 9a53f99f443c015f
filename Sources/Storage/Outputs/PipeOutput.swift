import Support
import SystemPackage

/// An output that is a FIFO or a character device: `/dev/stdout`, `/dev/null`, `>(command)` of a shell.
///
/// It takes the bytes of a finished file, which is made in ``TemporaryFile/directory``. Nothing lies beside it: no
/// temporary file, lock, checkpoint or record. It replaces nothing.
package enum PipeOutput {
  /// Whether an output is one. Its own name counts, because `/dev/stdout` leads to a path only if it is a file.
  package static func isOne(_ path: String) -> Bool {
    Files.kind(of: path).map { $0 == S_IFIFO || $0 == S_IFCHR } ?? false
  }

  /// Whether it takes any number of outputs, as `/dev/null` does.
  package static func isBottomless(_ path: String) -> Bool {
    guard let null = Files.status("/dev/null"), let status = Files.status(path) else { return false }
    return status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == null.st_rdev
  }

  /// Copies files into their pipes, all at the same time, because readers may want them in any order.
  ///
  /// Waits for readers. Throws `CancellationError` if the task is cancelled while it waits, and ``StreamError`` if a reader
  /// goes away or a device fails.
  static func copy(_ files: [(from: String, to: String)]) throws {
    var copies: [Copy] = []
    for file in files { copies.append(try Copy(of: file.from, to: file.to)) }
    while true {
      try Task.checkCancellation()
      for copy in copies { try copy.open() }
      copies.removeAll(where: \.isDone)
      guard !copies.isEmpty else { return }
      var requests = copies.compactMap(\.request)
      if requests.isEmpty {
        usleep(50_000)
      } else {
        poll(&requests, nfds_t(requests.count), copies.count > requests.count ? 50 : 100)
      }
      for copy in copies { try copy.advance() }
    }
  }

  /// A file on its way into a pipe. Opening and writing never block, so that a signal is answered.
  private final class Copy {
    private let source: FileDescriptor
    private let path: String
    private var pipe: FileDescriptor?
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    /// The bytes of the buffer that are not written yet.
    private var rest = 0..<0
    private var count = 0
    private(set) var isDone = false
    /// Since when no byte was taken.
    private var since = SuspendingClock.now
    private var isWaiting = false

    init(of file: String, to path: String) throws {
      self.path = path
      source = try FileDescriptor.open(FilePath(named: file), .readOnly, options: .closeOnExec)
    }

    deinit {
      PipeWaits.end(self)
      try? source.close()
      try? pipe?.close()
    }

    var request: pollfd? { pipe.map { pollfd(fd: $0.rawValue, events: Int16(POLLOUT), revents: 0) } }

    /// Opens the pipe if it has a reader by now.
    func open() throws {
      guard pipe == nil else { return }
      do {
        pipe = try FileDescriptor.open(
          FilePath(named: path), .writeOnly, options: [.nonBlocking, .closeOnExec, .init(rawValue: O_NOCTTY)])
      } catch Errno.noSuchAddressOrDevice where !hasNoName && Files.kind(of: path) == S_IFIFO {
        wait()
      } catch Errno.noSuchAddressOrDevice where Files.kind(of: path) == S_IFIFO {
        throw readerLeft
      } catch let error as Errno {
        throw failure(error)
      }
    }

    /// Writes what the pipe takes now.
    func advance() throws {
      guard let pipe else { return }
      do {
        while true {
          if rest.isEmpty { rest = 0..<(try buffer.withUnsafeMutableBytes { try source.read(into: $0) }) }
          guard !rest.isEmpty else { break }
          let written = try buffer[rest].withUnsafeBytes { try pipe.write($0, retryOnInterrupt: false) }
          rest = rest.lowerBound + written..<rest.upperBound
          count += written
          endWait()
          try Task.checkCancellation()
        }
        isDone = true
      } catch Errno.resourceTemporarilyUnavailable, Errno.interrupted {
        wait()
      } catch Errno.brokenPipe {
        throw readerLeft
      } catch let error as Errno {
        throw failure(error)
      }
    }

    /// Whether it is an open stream of this process. It can have no other reader.
    private var hasNoName: Bool {
      ["/dev/fd/", "/dev/std", "/proc/"].contains(where: path.hasPrefix)
        || Files.kind(of: Files.resolved(path)) != S_IFIFO
    }

    private func wait() {
      guard !isWaiting else { return }
      isWaiting = true
      PipeWaits.begin(self, path, bytes: count, since: since, isOutput: true)
    }

    private func endWait() {
      since = .now
      guard isWaiting else { return }
      isWaiting = false
      PipeWaits.end(self)
    }

    private var readerLeft: StreamError {
      StreamError(
        .cannotWrite, file: path, expected: "a reader that takes all bytes", found: "none after \(count) bytes",
        advice: "keep the reader of this pipe open to the end, or name a file")
    }

    private func failure(_ error: Errno) -> StreamError {
      StreamError(
        .cannotWrite, file: path, position: "byte \(count)", expected: "to write to this pipe or device",
        found: "\(error)", advice: Shortage.advice(for: error) ?? "check where it leads, or name a file")
    }
  }
}
