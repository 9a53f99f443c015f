import Synchronization

/// External requests for a checkpoint: one per SIGUSR1.
public final class CheckpointRequests: Sendable {
  private let count = Atomic<Int>(0)

  public init() {}

  /// Asks every stage that can to write a checkpoint. Any thread may call it.
  public func request() { count.add(1, ordering: .relaxed) }

  /// Number of requests so far.
  var number: Int { count.load(ordering: .relaxed) }
}
