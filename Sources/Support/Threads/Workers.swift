import Synchronization

/// Threads for independent pieces of one computation.
///
/// Which thread does a piece, and when, is left to chance; pieces therefore write to places of their own and their
/// results are combined in order of their number, so that any number of threads gives the same bits.
public struct Workers: Sendable {
  /// Threads used at most, the caller's among them.
  public let count: Int

  public init(_ count: Int) { self.count = max(count, 1) }

  /// Runs `body(0)` … `body(pieces − 1)` and returns when all are done. The calling thread takes part and blocks.
  public func run(_ pieces: Int, _ body: @Sendable (Int) -> Void) {
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

  /// Runs `body(0)` … `body(pieces − 1)`, all of them, and returns what each of them threw.
  public func attempt(_ pieces: Int, _ body: @Sendable (Int) throws -> Void) -> [(any Error)?] {
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
