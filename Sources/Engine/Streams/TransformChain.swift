import Formats
import Samples
import Storage

/// The state of a chain of transforms beyond the reader's position, saved in checkpoints.
package struct TransformChainState: Sendable, Equatable, Codable {
  /// Completed rows of the block that follows the reader's position.
  let rowsDone: Int
  /// The memory of each transform.
  let memories: [[Int]]
  let inputs: InputCounter
  let counter: PassedSamples.Saved

  /// Whether a stream can have led to these numbers, and this library can continue from them.
  var canBeResumed: Bool {
    (memories.joined() + [rowsDone]).allSatisfy { (0...StreamPosition.largest).contains($0) } && inputs.isPossible
      && counter.canBeResumed
  }
}

/// The chain of transforms between a stream's reader and one consumer.
///
/// Reassembles the samples passed on into blocks of the sizes that ``EmbeddingReader`` makes. So a consumer's result
/// has the same bytes as from a file with these samples. Rows are copied, unless a whole block is passed on: then its
/// rows are lent. Every row keeps its origin.
///
/// `@unchecked Sendable` is safe because only the task that takes the consumer's blocks uses it. The run itself uses it
/// only before that task starts and after it ends.
package final class TransformChain: @unchecked Sendable {
  /// Most blocks in memory: one being read, one passing through, one full, and one being filled.
  package static let blocksAtOnce = 4

  private var transforms: [any SampleTransform]
  private let stages: [String]
  private let meters: [Meter]
  private let pool = BlockPool()
  private var builder: BlockBuilder?
  private var counter: PassedSamples
  private var inputs = InputCounter()
  /// The reader's position before the last block, or after it once that block is done.
  private var place: StreamPosition?
  private var ready: [StreamedBlock] = []
  /// Rows an earlier run has completed.
  private var done = (rows: 0, rowsOfNext: 0)
  /// Rows of the current block to pass on.
  private var kept: [Int] = []
  /// The sequence of each of them, if known.
  private var sequences: [Int?] = []

  /// - Parameters:
  ///   - header: of the checkpoint from which the consumer resumes.
  ///   - stages: names of the transforms.
  ///   - meters: of the transforms whose samples are counted here.
  init(
    _ transforms: [any SampleTransform], after header: CheckpointStore.Header? = nil, stages: [String],
    meters: [Meter] = []
  ) {
    (self.transforms, self.stages, self.meters) = (transforms, stages, meters)
    guard let header, let state = header.chain, let counter = PassedSamples(resuming: state.counter) else {
      counter = PassedSamples()
      return
    }
    self.counter = counter
    inputs = state.inputs
    place = header.position
    done = (header.position.rows, state.rowsDone)
    for (index, memory) in zip(transforms.indices, state.memories) { self.transforms[index].memory = memory }
  }

  /// The next full block, if there is one.
  func next() -> StreamedBlock? { ready.isEmpty ? nil : ready.removeFirst() }

  /// Takes a block of the stream. Blocks that an earlier run completed may come again.
  ///
  /// Throws the errors of transforms.
  func take(_ streamed: StreamedBlock) throws {
    let start = SuspendingClock.now
    let block = streamed.block
    guard block.firstRow >= done.rows else { return }
    var row = done.rowsOfNext
    done.rowsOfNext = 0
    if let last = builder.take() {
      if last.scalar == block.scalar { builder = consume last } else { emit(last.finish(), rowsDone: row) }
    }
    while row < block.rows {
      let builder =
        try builder.take()
        ?? BlockBuilder(dimension: block.dimension, scalar: block.scalar, firstRow: counter.rows, pool: pool)
      try choose(from: block, &row, builder)
      append(block, builder)
      if builder.room == 0 { emit(builder.finish(), rowsDone: row) } else { self.builder = consume builder }
    }
    place = streamed.position
    for meter in meters { meter.add(rows: block.rows) }
    meters.last?.add(work: SuspendingClock.now - start)
  }

  /// The last, incomplete block, if any. Called when the stream has ended and ``next()`` returns nil. Throws
  /// ``StreamError`` if no sample was passed on at all.
  func end() throws -> StreamedBlock? {
    if let last = builder.take(), last.rows > 0 { emit(last.finish(), rowsDone: 0) }
    if counter.rows == 0 {
      throw StreamError(
        .empty, expected: "at least one sample passed on by \(stages.joined(separator: ", "))", found: "none",
        advice: "check which tokens pass the filter, and whether they occur among the labels")
    }
    return next()
  }

  /// The summary of the samples passed on.
  func summary(of source: StreamSummary) -> StreamSummary { counter.summary(of: source) }

  private func emit(_ block: Block, rowsDone: Int) {
    guard block.rows > 0 else { return }
    counter.note(block)
    let state = counter.saved.map {
      TransformChainState(rowsDone: rowsDone, memories: transforms.map(\.memory), inputs: inputs, counter: $0)
    }
    ready.append(StreamedBlock(block: block, position: state == nil ? nil : place, chain: state))
  }

  /// Chooses the rows to pass on, starting at `row`, until there is no more room. Sets their labels and predictions.
  private func choose(from block: Block, _ row: inout Int, _ builder: borrowing BlockBuilder) throws {
    kept.removeAll(keepingCapacity: true)
    sequences.removeAll(keepingCapacity: true)
    let target = builder.next(builder.room)
    let origins = block.origins
    var run = -1
    while row < block.rows, kept.count < target.labels.count {
      defer { row += 1 }
      let isInRun = run >= 0
      let before = run
      while run + 1 < origins.count, origins[run + 1].offset <= row { run += 1 }
      let origin = run >= 0 ? origins[run] : RowOrigin(source: "", firstRow: block.firstRow, offset: 0)
      let place = origin.firstRow + row - origin.offset
      if isInRun, run == before { inputs.noteNext() } else { inputs.note(origin.source, row: place) }
      let sample = SampleInFlight(
        label: block.labels[row], sequence: origin.sequence, row: place, input: inputs.before)
      guard let passed = try pass(sample) else { continue }
      target.labels[kept.count] = passed.label
      target.predictions[kept.count] = prediction(block.predictions?[row] ?? Block.noPrediction)
      kept.append(row)
      sequences.append(passed.sequence)
    }
    if block.hasPredictions { builder.carryPredictions() }
  }

  private func pass(_ sample: SampleInFlight) throws -> SampleInFlight? {
    var sample = sample
    for index in transforms.indices {
      guard let next = try transforms[index].pass(sample) else { return nil }
      sample = next
    }
    return sample
  }

  private func prediction(_ prediction: Int32) -> Int32 {
    prediction == Block.noPrediction ? prediction : transforms.reduce(prediction) { $1.prediction($0) }
  }

  /// Appends the features of the chosen rows, with their origins.
  private func append(_ block: Block, _ builder: borrowing BlockBuilder) {
    if builder.rows == 0, kept.count == block.rows {
      block.forEachRun { run, first in
        if let start = run.baseAddress {
          builder.lend(first..<first + run.count / block.rowBytes, at: start, from: block)
        }
        return true
      }
    } else {
      copy(block, to: builder.keep(0..<kept.count))
    }
    var first = 0
    var origin = 0
    while first < kept.count {
      while origin + 1 < block.origins.count, block.origins[origin + 1].offset <= kept[first] { origin += 1 }
      let bound = origin + 1 < block.origins.count ? block.origins[origin + 1].offset : block.rows
      var end = first + 1
      while end < kept.count, kept[end] == kept[end - 1] + 1, kept[end] < bound, sequences[end] == sequences[first] {
        end += 1
      }
      let from = block.origin(ofRow: kept[first])
      builder.commit(
        end - first, source: from.source, firstRow: from.row, sequence: sequences[first],
        sequencesGoOn: origin < block.origins.count && block.origins[origin].sequencesGoOn)
      first = end
    }
  }

  private func copy(_ block: Block, to target: UnsafeMutableRawBufferPointer) {
    guard let start = target.baseAddress else { return }
    for (index, row) in kept.enumerated() {
      (start + index * block.rowBytes).copyMemory(from: block.rowStarts[row], byteCount: block.rowBytes)
    }
  }
}
