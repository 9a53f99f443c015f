import Synchronization

/// Threads for independent pieces of one computation.
///
/// Any thread may run any piece at any time. Each piece therefore writes only its own output, and results are combined
/// in order of piece number. Any number of threads then gives the same bits.
package struct WorkerThreads: Sendable {
  /// The most threads used, including the caller's.
  package let count: Int

  package init(_ count: Int) { self.count = max(count, 1) }

  /// Runs `body(0)` … `body(pieces − 1)` and returns when all are done. The calling thread takes part and blocks.
  package func run(_ pieces: Int, _ body: @Sendable (Int) -> Void) {
    let threads = min(count, pieces)
    guard threads > 1 else {
      for piece in 0..<max(pieces, 0) { body(piece) }
      return
    }
    let next = Atomic<Int>(0)
    HelperThreads.run(threads - 1) {
      while true {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard piece < pieces else { return }
        body(piece)
      }
    }
  }

  /// The same, but stops between two pieces if the current task is cancelled. Throws `CancellationError` if pieces may
  /// be missing.
  package func runUnlessCancelled(_ pieces: Int, _ body: @Sendable (Int) -> Void) throws {
    let isCancelled = RaisedFlag()
    run(pieces) { piece in
      // Only the caller's thread, which takes part, belongs to the task.
      if Task.isCancelled { isCancelled.raise() }
      if !isCancelled.isRaised { body(piece) }
    }
    if isCancelled.isRaised { throw CancellationError() }
  }

  /// Runs all of `body(0)` … `body(pieces − 1)` and returns the error of each, or nil.
  package func attempt(_ pieces: Int, _ body: @Sendable (Int) throws -> Void) -> [(any Error)?] {
    var errors = [(any Error)?](repeating: nil, count: pieces)
    errors.withUnsafeMutableBufferPointer { errors in
      // Each piece writes its own element.
      nonisolated(unsafe) let errors = errors
      run(pieces) { piece in
        do { try body(piece) } catch { errors[piece] = error }
      }
    }
    return errors
  }
}
