import Synchronization

/// Requests, from outside of a run, to keep what is done so far: one for each SIGUSR1.
public final class CheckpointRequests: Sendable {
  private let count = Atomic<Int>(0)

  public init() {}

  /// Asks every stage that can to keep what it has done; any thread may call it.
  public func request() { count.add(1, ordering: .relaxed) }

  /// How often it was asked.
  var number: Int { count.load(ordering: .relaxed) }
}
