import Formats
import Logging
import Storage
import Support

/// Keeps what a stage has made of a stream so far, and finds it again.
package struct StreamCheckpoints {
  package let store: CheckpointStore
  private let recipe: [String: String]
  private let inputs: InputStamps
  private var clock: CheckpointClock
  /// How far the stage is, and how far what is kept goes.
  private var reached: (position: StreamPosition, passage: PassageState?)?
  private var kept: Int
  /// Where the last block ended that was taken before; nil where none came.
  private var passed: StreamPosition?
  /// What the stage goes on from.
  package let found: CheckpointStore.Found?

  /// Looks for a checkpoint.
  ///
  /// - Parameters:
  ///   - recipe: what decides the result, by name: of the stage and of the reading.
  ///   - restarts: whether the user wants to start over; what is there is removed.
  /// - Throws: ``CheckpointError`` where there is one of something else.
  init(
    _ store: CheckpointStore, recipe: [String: String], inputs: InputStamps, every interval: Duration?,
    restarts: Bool, requests: CheckpointRequests
  ) throws {
    self.store = store
    self.recipe = recipe.merging(["release": collapseVersion]) { own, _ in own }
    self.inputs = inputs
    clock = CheckpointClock(every: interval, requests: requests)
    if restarts { store.remove() }
    found = restarts ? nil : try store.find(self.recipe, inputs)
    reached = found.map { ($0.header.position, $0.header.passage) }
    kept = found?.header.rows ?? 0
  }

  /// Those of a stage's artefact; nil where the run keeps none of it.
  package init?(
    of output: String, stage: String, recipe: @autoclosure () throws -> [String: String], inputs: InputStamps,
    every interval: Duration?,
    in context: RunContext
  ) throws {
    guard context.keeps(output) else { return nil }
    try self.init(
      CheckpointStore(output: output, stage: stage, log: context.log), recipe: recipe(), inputs: inputs,
      every: interval,
      restarts: context.restarts, requests: context.checkpoints)
  }

  /// Where the stage goes on; blocks before it were taken already.
  var resumed: StreamPosition? { found?.header.position }

  /// Whether a block was taken before. One that came through stages in between was not: these know where to go on. A stream of several stages begins where the one is that is behind the others.
  ///
  /// Throws `StreamError` where the samples up to the place where this stage goes on turn out to be others than it took.
  package mutating func hasTaken(_ streamed: StreamedBlock) throws -> Bool {
    guard found?.header.passage == nil, let resumed, streamed.block.firstRow < resumed.rows else {
      try checkPassed()
      return false
    }
    passed = streamed.position
    if let passed, passed.rows >= resumed.rows { try checkPassed() }
    return true
  }

  /// Checks, where blocks were passed over, that they were those that the stage had taken.
  func checkPassed() throws {
    guard let resumed, let passed, !passed.hasSamples(of: resumed) else { return }
    throw resumed.mismatch(after: passed.rows)
  }

  /// Notes that a block was taken, and keeps what is done where it is time to. Nothing can be kept behind a block whose end
  /// cannot be told.
  mutating func note(_ streamed: StreamedBlock, _ body: (CheckpointWriter) throws -> Void) {
    reached = streamed.position.map { ($0, streamed.passage) }
    if clock.isDue() { keep(body) }
  }

  /// Keeps what is done, where that is more than is kept.
  mutating func keep(_ body: (CheckpointWriter) throws -> Void) {
    clock.note()
    guard let reached else { return }
    let header = CheckpointStore.Header(
      recipe: recipe, inputs: inputs, position: reached.position, passage: reached.passage)
    guard header.rows > kept else { return }
    store.save(header, body)
    kept = header.rows
  }

  /// Keeps what is done in place of what is kept, where anything is.
  mutating func bringUpToDate(_ body: (CheckpointWriter) throws -> Void) {
    if kept > 0 { keep(body) }
  }
}
