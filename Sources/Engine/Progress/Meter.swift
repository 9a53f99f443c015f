import Synchronization

/// How far a stage is, and what it did with its time: written by the stage, read by whoever shows it.
///
/// Counters are raised once a block or a tile, never a row.
public final class Meter: Sendable {
  public enum State: Int, Sendable {
    case waiting, running, done, failed
    /// Not run, since nothing that makes its artefact has changed.
    case unchanged
    /// Ended by a signal.
    case stopped

    public var name: String { ["waiting", "running", "done", "failed", "unchanged", "stopped"][rawValue] }
  }

  public let stage: String
  /// The kind of stage; empty where nobody asks.
  public let kind: String
  /// What is counted: `B`, `tiles`, `states`, `rows`.
  public let unit: String
  /// Whether the stage reads a stream.
  let isOfReader: Bool
  /// What there is to do, in units; 0 where it is not known.
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

  /// A consistent-enough look at the counters.
  public var reading: (done: Int, goal: Int, rows: Int) {
    (done.load(ordering: .relaxed), goal.load(ordering: .relaxed), rows.load(ordering: .relaxed))
  }

  // MARK: Time

  public var state: State { State(rawValue: stateNumber.load(ordering: .relaxed)) ?? .waiting }

  package func start() {
    times.withLock { $0.start = $0.start ?? .now }
    stateNumber.store(State.running.rawValue, ordering: .relaxed)
  }

  /// Says that the stage need not run.
  package func leave() { stateNumber.store(State.unchanged.rawValue, ordering: .relaxed) }

  /// Ends a stage that runs, and only once.
  package func end(_ state: State) {
    guard self.state == .running else { return }
    times.withLock { $0.end = .now }
    stateNumber.store(state.rawValue, ordering: .relaxed)
  }

  /// Does `body` and counts its time as work.
  package func working<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = SuspendingClock.now
    defer { add(work: SuspendingClock.now - start) }
    return try body()
  }

  package func add(work time: Duration) { working.wrappingAdd(Self.nanoseconds(time), ordering: .relaxed) }
  package func add(wait time: Duration) { waiting.wrappingAdd(Self.nanoseconds(time), ordering: .relaxed) }

  /// Seconds since the start, or from it to the end; no clock that is set can change them.
  public var seconds: Double {
    times.withLock { times in times.start.map { ((times.end ?? .now) - $0) / .seconds(1) } ?? 0 }
  }

  /// Seconds in which the stage worked, and in which it waited for another one.
  public var worked: Double { Double(working.load(ordering: .relaxed)) * 1e-9 }
  public var waited: Double { Double(waiting.load(ordering: .relaxed)) * 1e-9 }

  private static func nanoseconds(_ time: Duration) -> Int { Int(clamping: Int128(time / .nanoseconds(1))) }
}
