import Synchronization

/// How far a stage is: written by the stage, read by whoever shows it.
public final class Meter: Sendable {
  public let stage: String
  /// What is counted: `B`, `tiles`, `states`.
  public let unit: String
  /// What there is to do, in units; 0 where it is not known.
  private let goal = Atomic<Int>(0)
  private let done = Atomic<Int>(0)
  private let rows = Atomic<Int>(0)

  init(stage: String, unit: String, goal: Int) {
    self.stage = stage
    self.unit = unit
    self.goal.store(goal, ordering: .relaxed)
  }

  func update(done: Int, rows: Int = 0) {
    self.done.store(done, ordering: .relaxed)
    self.rows.store(rows, ordering: .relaxed)
  }

  func setGoal(_ count: Int) { goal.store(count, ordering: .relaxed) }

  /// A consistent-enough look at the counters.
  public var reading: (done: Int, goal: Int, rows: Int) {
    (done.load(ordering: .relaxed), goal.load(ordering: .relaxed), rows.load(ordering: .relaxed))
  }
}
