import Synchronization

/// How far a stage has got and where its time went. The stage writes it; anyone may read it.
///
/// Counters are updated once per block or tile, never per row.
package final class Meter: Sendable {
  package enum State: Int, Sendable {
    case waiting, running, done, failed
    /// Not run, because its artefact is up to date.
    case unchanged
    /// Ended by a signal.
    case stopped

    package var name: String { ["waiting", "running", "done", "failed", "unchanged", "stopped"][rawValue] }
  }

  package let stage: String
  /// The kind of stage; empty if not needed.
  package let kind: String
  /// The unit counted: `B`, `tiles`, `states`, `rows`.
  package let unit: String
  /// Whether the stage reads a stream.
  let isOfReader: Bool
  /// Total amount of work in units; 0 if unknown.
  private let goal = Atomic<Int>(0)
  private let done = Atomic<Int>(0)
  private let rows = Atomic<Int>(0)
  private let stateNumber = Atomic<Int>(0)
  private let working = Atomic<Int>(0)
  private let waiting = Atomic<Int>(0)
  private let times = Mutex<(start: SuspendingClock.Instant?, end: SuspendingClock.Instant?)>((nil, nil))

  init(stage: String, kind: String = "", unit: String, goal: Int, isOfReader: Bool = false) {
    (self.isOfReader, self.stage, self.kind, self.unit) = (isOfReader, stage, kind, unit)
    self.goal.store(goal, ordering: .relaxed)
  }

  package func update(done: Int, rows: Int = 0) {
    self.done.store(done, ordering: .relaxed)
    self.rows.store(rows, ordering: .relaxed)
  }

  package func add(rows count: Int) {
    done.wrappingAdd(count, ordering: .relaxed)
    rows.wrappingAdd(count, ordering: .relaxed)
  }

  package func setGoal(_ count: Int) { goal.store(count, ordering: .relaxed) }

  /// The current counters. They are read one by one, which is consistent enough.
  package var reading: (done: Int, goal: Int, rows: Int) {
    (done.load(ordering: .relaxed), goal.load(ordering: .relaxed), rows.load(ordering: .relaxed))
  }

  // MARK: Time

  package var state: State { State(rawValue: stateNumber.load(ordering: .relaxed)) ?? .waiting }

  package func start() {
    times.withLock { $0.start = $0.start ?? .now }
    stateNumber.store(State.running.rawValue, ordering: .relaxed)
  }

  /// Marks the stage as not needing to run.
  package func leave() { stateNumber.store(State.unchanged.rawValue, ordering: .relaxed) }

  /// Ends a running stage; later calls have no effect.
  package func end(_ state: State) {
    guard self.state == .running else { return }
    times.withLock { $0.end = .now }
    stateNumber.store(state.rawValue, ordering: .relaxed)
  }

  /// Runs `body` and counts its time as work.
  package func working<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = SuspendingClock.now
    defer { add(work: SuspendingClock.now - start) }
    return try body()
  }

  package func add(work time: Duration) { working.wrappingAdd(Self.nanoseconds(time), ordering: .relaxed) }
  package func add(wait time: Duration) { waiting.wrappingAdd(Self.nanoseconds(time), ordering: .relaxed) }

  /// Seconds since the start, or from start to end, on a monotonic clock.
  package var seconds: Double {
    times.withLock { times in times.start.map { ((times.end ?? .now) - $0) / .seconds(1) } ?? 0 }
  }

  /// Seconds the stage worked, and seconds it waited for another.
  package var worked: Double { Double(working.load(ordering: .relaxed)) * 1e-9 }
  package var waited: Double { Double(waiting.load(ordering: .relaxed)) * 1e-9 }

  private static func nanoseconds(_ time: Duration) -> Int { Int(clamping: Int128(time / .nanoseconds(1))) }
}
