import Logging
import Storage
import Support

/// Locks on every output of a run. They are taken before anything is read, renewed during the run, and removed at its
/// end, however it ends.
///
/// The run that holds them removes what killed runs left of the outputs, at its start and at its end. What stays at the
/// end, apart from outputs that were complete before:
///
/// | the run | checkpoints | its own temporary files |
/// | --- | --- | --- |
/// | succeeds | none | none |
/// | fails on its input (65), and there was a checkpoint when it began | the last | none |
/// | fails on its input (65), and there was none | none | none |
/// | fails for another reason (1): a full disk, too little memory | the last, if it wrote one | none |
/// | is interrupted (75) | the last, written then | none |
/// | is killed | the last, if it wrote one | until the next run of the same outputs |
/// | finds the outputs held by another run (1) | those of that run | none |
package struct OutputLocks: Sendable {
  private let locks: [OutputLock]
  /// The outputs, by their locks, that had a checkpoint when the run began.
  private let resumable: Set<[UInt8]>

  private init(_ locks: [OutputLock]) {
    self.locks = locks
    resumable = Set(locks.map(\.files).filter(CheckpointStore.isThere(of:)).map { Array($0.lock.utf8) })
  }

  /// An output by the name that the user gave it.
  private typealias Named = (files: OutputFiles, name: String)

  /// Takes all locks or none. A pipe or device has none, and nothing lies beside it.
  ///
  /// Throws `StreamError` that names the holder of a lock already taken.
  package static func take(_ outputs: [String], run: String, log: Logger) async throws -> OutputLocks {
    try await take(outputs.filter { !PipeOutput.isOne($0) }.map { (try OutputLock.files(of: $0), $0) }, run, log)
  }

  /// Takes the lock of a folder of figures, which exists.
  package static func take(figuresIn folder: String, run: String, log: Logger) async throws -> OutputLocks {
    try await take([(OutputFiles(figuresIn: folder), folder)], run, log)
  }

  private static func take(_ outputs: [Named], _ run: String, _ log: Logger) async throws -> OutputLocks {
    var seen: Set<[UInt8]> = []
    // In one order for every run, so that of two runs with common outputs one gets them all.
    let outputs = outputs.filter { seen.insert(Array($0.files.lock.utf8)).inserted }.sorted {
      $0.files.lock.utf8.lexicographicallyPrecedes($1.files.lock.utf8)
    }
    let say = { @Sendable (text: String) in log.warning("\(text)") }
    var (locks, others): ([OutputLock], [Named]) = ([], [])
    do {
      for output in outputs {
        let lock = try await OutputLock.takeAtOnce(output.files, output.name, run: run, say: say)
        if let lock { locks.append(lock) } else { others.append(output) }
      }
      if !others.isEmpty {
        let watched = others
        locks += try await OutputLocks(locks).renewing { try await watch(watched, run, say) }
      }
    } catch {
      for lock in locks { lock.release() }
      throw error
    }
    Leftovers.remove(of: locks.map(\.files))
    return OutputLocks(locks)
  }

  /// Takes locks whose owners have to be watched, all at once.
  private static func watch(
    _ outputs: [Named], _ run: String, _ say: @escaping @Sendable (String) -> Void
  ) async throws -> [OutputLock] {
    try await withThrowingTaskGroup(of: OutputLock.self) { group in
      for output in outputs {
        group.addTask { try await OutputLock.take(output.files, output.name, run: run, say: say) }
      }
      var locks: [OutputLock] = []
      for try await lock in group { locks.append(lock) }
      return locks
    }
  }

  /// Runs `body` while renewing the locks, and removes them at the end. If another run has taken one over, cancels
  /// `body` and throws that error. The table above says what stays.
  package func holding<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    defer { for lock in locks { lock.release() } }
    do {
      let result = try await renewing(body)
      CheckpointStore.finishAll()
      Leftovers.removeAll(of: held)
      return result
    } catch {
      // A checkpoint may still be on its way to the disk.
      CheckpointStore.finishAll()
      Leftovers.remove(of: held)
      if (error as? any DiagnosedError)?.isBadInput == true {
        Leftovers.removeAll(of: held.filter { !resumable.contains(Array($0.lock.utf8)) })
      }
      throw error
    }
  }

  private var held: [OutputFiles] { locks.filter(\.isHeld).map(\.files) }

  private func renewing<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result
  {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: OutputLock.interval)
          if Task.isCancelled { break }
          for lock in locks { try lock.beat() }
        }
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }
}
