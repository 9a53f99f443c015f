import Support
import Synchronization
import SystemPackage

/// Keeps two runs from writing the same output. A file next to it, `.NAME.lock`, names the run that writes it.
///
/// On this machine's file systems the kernel's lock on that file decides (``KernelLock``). It ends with its process, so
/// an abandoned file, even an empty one, is taken over at once:
///
/// 1. The file is made under a temporary name, locked, filled and linked to its own name. So it is never seen without
///    its owner.
/// 2. If there is one, it is opened and locked. A refused lock has a live owner.
/// 3. After that, the name must still lead to the file that was opened. Otherwise its owner has removed it, and the
///    attempt begins again.
/// 4. The owner in the record may hold no kernel's lock, as in release 0.1.0. Then the lock is its own if its process
///    lives or cannot be looked up.
/// 5. The record is written over the old one, in place. Only the holder of the kernel's lock may write or remove the
///    file, so no third run can come between.
///
/// On a network the kernel's lock may be this machine's alone, or there may be none. It is taken too, but no more than
/// a refusal is believed:
///
/// - The file holds a counter that its owner increments every ``interval``. If the owner's process cannot be looked up,
///   the counter must stand still for ``silentIntervals`` intervals of the observer's clock. Two clocks are never
///   compared, so clock jumps do no harm.
/// - Of several observers, one takes over: the one that makes the claim, a lock file named for the dead lock's token.
///   It reads the file again under the claim. An owner that ends takes the claim to its own lock before it removes it.
/// - An owner may be wrongly taken for dead, because it or its network was stopped. At its next ``beat()`` it finds
///   that another run has the lock, and fails.
///
/// Links, pipes, folders and files with other contents in place of the lock are refused. Another user's abandoned lock
/// that cannot be written is removed, if its folder allows that. Programs that the owner starts do not inherit the
/// lock.
package final class OutputLock: Sendable {
  /// Time between two beats.
  package static let interval = Duration.seconds(10)
  /// Intervals without a beat after which an owner that cannot be looked up is taken for dead.
  package static let silentIntervals = 6

  package let files: OutputFiles
  private let output: String
  private let record: LockRecord
  private let kernel: LockAttempt.Kernel
  /// The open lock file, which keeps the kernel's lock; nil after the release.
  private let file: Mutex<LockFile?>
  /// Removes the file if the process fails.
  private let heldFile: HeldFile

  private var path: String { files.lock }

  private init(
    _ files: OutputFiles, _ output: String, _ record: LockRecord, _ file: LockFile, _ kernel: LockAttempt.Kernel
  ) {
    (self.files, self.output, self.record, self.kernel) = (files, output, record, kernel)
    self.file = Mutex(file)
    heldFile = HeldFile(files.lock, token: record.token)
  }

  /// The hidden files of an output. If the output is a link, they lie next to the link's target. Throws
  /// ``StreamError`` if it cannot be an output.
  package static func files(of output: String) throws -> OutputFiles {
    _ = try AtomicFile.resolve(output)
    guard !PipeOutput.isOne(output) else {
      throw StreamError(
        .cannotWrite, file: output, expected: "a file, which can be locked", found: "a pipe or device",
        advice: "name a file")
    }
    try OutputFiles.check(output)
    return OutputFiles(output)
  }

  /// Takes the lock of `output` for the run called `run`.
  ///
  /// Throws ``StreamError`` of kind `held` if another run has it, and of kind `cannotWrite` if the folder cannot be
  /// written.
  ///
  /// - Parameters:
  ///   - clock: measures the intervals for which an owner elsewhere is watched.
  ///   - say: receives a message when the lock has to be waited for or is taken over.
  package static func take(
    _ output: String, run: String, clock: any Clock<Duration> = SuspendingClock(), say: (String) -> Void = { _ in }
  ) async throws -> OutputLock {
    try await take(files(of: output), output, run: run, clock: clock, say: say)
  }

  package static func take(
    _ files: OutputFiles, _ output: String, run: String, clock: any Clock<Duration> = SuspendingClock(),
    say: (String) -> Void = { _ in }
  ) async throws -> OutputLock {
    try await take(files, output, run: run, clock: clock, kernel: .own, say: say)
  }

  static func take(
    _ files: OutputFiles, _ output: String, run: String, clock: any Clock<Duration>, kernel: LockAttempt.Kernel,
    say: (String) -> Void = { _ in }
  ) async throws -> OutputLock {
    var silent: Set<[UInt8]> = []
    while true {
      switch try await take(files, output, run: run, kernel: kernel, silent: silent, say) {
      case .taken(let lock): return lock
      case .unknown(let path, let found):
        let owner = LockRecord(found)
        say("\(output): waiting to see whether \(owner?.description ?? "the owner of \(path)") is still running")
        var now: [UInt8]? = found
        for _ in 0..<silentIntervals where now == found {
          try await clock.sleep(for: interval)
          now = try contents(path, of: output)
        }
        if now == found {
          silent.insert(found)
        } else if let now, path == files.lock {
          throw held(output, path, LockRecord(now) ?? owner)
        }
      }
    }
  }

  /// Takes the lock if that needs no waiting; nil if the owner has to be watched first.
  package static func takeAtOnce(
    _ files: OutputFiles, _ output: String, run: String, say: (String) -> Void
  ) async throws -> OutputLock? {
    if case .taken(let lock) = try await take(files, output, run: run, kernel: .own, silent: [], say) {
      lock
    } else {
      nil
    }
  }

  private enum Outcome {
    case taken(OutputLock)
    case unknown(path: String, [UInt8])
  }

  /// Times that a lock is tried whose live owner has not yet written its record, and the time between two tries.
  private static let tries = 50
  private static let pause = Duration.milliseconds(10)

  private static func take(
    _ files: OutputFiles, _ output: String, run: String, kernel: LockAttempt.Kernel, silent: Set<[UInt8]>,
    _ say: (String) -> Void
  ) async throws -> Outcome {
    let attempt = LockAttempt(
      output: output, path: files.lock, record: LockRecord(run: run), silent: silent, kernel: kernel)
    var tries = 0
    while true {
      try Task.checkCancellation()
      switch try attempt.run() {
      case .made(let file): return .taken(OutputLock(files, output, attempt.record, file, kernel))
      case .takenOver(let file, let owner):
        say("\(output): taking over from \(owner?.description ?? "another run"), which did not finish")
        return .taken(OutputLock(files, output, attempt.record, file, kernel))
      case .held(nil) where tries < Self.tries: tries += 1
      case .held(let owner): throw held(output, files.lock, owner)
      case .unknown(let path, let found): return .unknown(path: path, found)
      case .changed: break
      }
      try await Task.sleep(for: pause)
    }
  }

  /// Shows that the owner is still alive. Throws ``StreamError`` of kind `held` if another run has taken the lock.
  package func beat() throws {
    let found: [UInt8]?
    // A file that cannot be read now may be readable at the next beat.
    do { found = try file.withLock { try $0.map(contents) ?? nil } } catch { return }
    guard let found else { return remake() }
    guard let lock = LockRecord(found) else { return }
    guard lock.token == record.token else { throw Self.held(output, path, lock) }
    var next = lock
    next.beat &+= 1
    // If this beat cannot be written, the next one makes up for it.
    file.withLock { _ = try? $0?.write(next) }
  }

  /// Makes the file again, because someone has removed it.
  private func remake() {
    file.withLock { file in
      guard file != nil, let made = try? attempt.make() else { return }
      file?.close()
      file = made
    }
  }

  private var attempt: LockAttempt {
    LockAttempt(output: output, path: path, record: record, silent: [], kernel: kernel)
  }

  /// Whether no other run has taken the lock.
  package var isHeld: Bool { file.withLock { $0.map(isOwn) ?? false } }

  private func isOwn(_ file: LockFile) -> Bool {
    (try? contents(file)).flatMap { $0 }.flatMap(LockRecord.init)?.token == record.token
  }

  /// What the lock file says now; nil without one. It is opened again, which shows what another machine wrote. If
  /// the process has no descriptor left, the open file has to do.
  private func contents(_ file: LockFile) throws -> [UInt8]? {
    do {
      return try Self.contents(path, of: output)
    } catch {
      guard file.isInPlace else { throw error }
      return try file.contents
    }
  }

  /// Removes the file if it still belongs to this lock.
  package func release() {
    file.withLock { file in
      guard let open = file else { return }
      if isOwn(open) { attempt.remove(open) }
      open.close()
      file = nil
    }
  }

  deinit { release() }

  /// The contents of a lock file; nil if it does not exist.
  private static func contents(_ path: String, of output: String) throws -> [UInt8]? {
    guard let file = try LockFile.open(path, of: output) else { return nil }
    defer { file.close() }
    return try AtomicFile.refusing(output) { try file.contents }
  }

  private static func held(_ output: String, _ path: String, _ owner: LockRecord?) -> StreamError {
    StreamError(
      .held, file: output, expected: "to be the only run that writes it",
      found: owner.map { "\($0.description), writing it too" } ?? "another run writing it too",
      advice: "wait for it to end, or name another output; if that run is dead, remove \(path)")
  }
}
