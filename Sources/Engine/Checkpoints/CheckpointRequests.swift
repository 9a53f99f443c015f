import Synchronization

/// External requests for a checkpoint: one per SIGUSR1.
package final class CheckpointRequests: Sendable {
  private let count = Atomic<Int>(0)

  package init() {}

  /// Asks every stage that can to write a checkpoint. Any thread may call it.
  package func request() { count.add(1, ordering: .relaxed) }

  /// Number of requests so far.
  var number: Int { count.load(ordering: .relaxed) }
}
