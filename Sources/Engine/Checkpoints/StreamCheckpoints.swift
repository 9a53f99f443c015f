import Formats
import Logging
import Storage
import Support

/// Saves and restores a stage's state in a stream.
package struct StreamCheckpoints {
  package let store: CheckpointStore
  private let fingerprint: [String: String]
  private let inputs: InputStamps
  private var clock: CheckpointClock
  /// How far the stage has got.
  private var reached: (position: StreamPosition, chain: TransformChainState?)?
  private var kept: Int
  /// End of the last block skipped because it was taken before; nil if there was none.
  private var passed: StreamPosition?
  /// The checkpoint the stage resumes from.
  package let found: CheckpointStore.Found?

  /// Looks for a checkpoint.
  ///
  /// - Parameters:
  ///   - fingerprint: the options of the stage and the reader that affect the result, by name.
  ///   - restarts: whether to start over; existing checkpoints are then removed.
  ///   - ignores: whether to start over; existing checkpoints then stay until there is a new one.
  /// - Throws: ``CheckpointError`` if there is a checkpoint of something else.
  init(
    _ store: CheckpointStore, fingerprint: [String: String], inputs: InputStamps, every interval: Duration?,
    restarts: Bool, ignores: Bool = false, requests: CheckpointRequests
  ) throws {
    self.store = store
    self.fingerprint = fingerprint.merging(["release": collapseVersion]) { own, _ in own }
    self.inputs = inputs
    clock = CheckpointClock(every: interval, requests: requests)
    if restarts { store.remove() }
    found = restarts || ignores ? nil : try store.find(self.fingerprint, inputs)
    reached = found.map { ($0.header.position, $0.header.chain) }
    kept = found?.header.rows ?? 0
  }

  /// Checkpoints of a stage's artefact; nil if the run does not keep the artefact, or writes it to a pipe.
  package init?(
    of output: String, stage: String, fingerprint: @autoclosure () throws -> [String: String], inputs: InputStamps,
    every interval: Duration?,
    in context: RunContext
  ) throws {
    guard context.keeps(output), !PipeOutput.isOne(output) else { return nil }
    try self.init(
      CheckpointStore(output: output, stage: stage, log: context.log), fingerprint: fingerprint(), inputs: inputs,
      every: interval,
      restarts: context.restarts, ignores: context.ignoresCheckpoints, requests: context.checkpoints)
  }

  /// The position where the stage resumes. It has already taken the blocks before it.
  var resumed: StreamPosition? { found?.header.position }

  /// Whether a block was taken before.
  ///
  /// A block that came through transforms never was, because the transforms know where to resume. A stream with several
  /// consumers starts where the slowest one stopped.
  ///
  /// Throws `StreamError` if the samples before the resume position differ from those the stage took.
  package mutating func hasTaken(_ streamed: StreamedBlock) throws -> Bool {
    guard found?.header.chain == nil, let resumed, streamed.block.firstRow < resumed.rows else {
      try checkPassed()
      return false
    }
    passed = streamed.position
    if let passed, passed.rows >= resumed.rows { try checkPassed() }
    return true
  }

  /// If blocks were skipped, checks that they hold the samples the stage had taken.
  func checkPassed() throws {
    guard let resumed, let passed, !passed.hasSamples(of: resumed) else { return }
    throw resumed.mismatch(after: passed.rows)
  }

  /// Notes that a block was taken, and writes a checkpoint if one is due. After a block whose end position is unknown,
  /// no checkpoint can be written.
  mutating func note(_ streamed: StreamedBlock, _ body: (CheckpointWriter) throws -> Void) {
    reached = streamed.position.map { ($0, streamed.chain) }
    if clock.isDue() { keep(body) }
  }

  /// Writes a checkpoint if it would go further than the last.
  mutating func keep(_ body: (CheckpointWriter) throws -> Void) {
    clock.note()
    guard let reached else { return }
    let header = CheckpointStore.Header(
      fingerprint: fingerprint, inputs: inputs, position: reached.position, chain: reached.chain)
    guard header.rows > kept else { return }
    store.save(header, body)
    kept = header.rows
  }

  /// Updates the checkpoint, if there is one.
  mutating func bringUpToDate(_ body: (CheckpointWriter) throws -> Void) {
    if kept > 0 { keep(body) }
  }
}
