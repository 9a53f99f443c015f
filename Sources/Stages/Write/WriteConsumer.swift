import Engine
import Formats
import Samples
import Storage
import Support

/// Writes a stream's blocks, one at a time while the next is being read. It keeps no checkpoints: an interrupted write
/// starts over. The file gets its name only when it is complete.
actor WriteConsumer: StreamConsumer {
  private let stage: WriteStage
  private let name: String
  private let output: String
  private let context: RunContext
  private let encoder: BatchEncoder
  private let workers: WorkerThreads
  private let executor: DedicatedExecutor
  private var sink: OutputBytes?
  private var batchRows = 1
  /// Rows of the batch being filled.
  private var open: [BatchEncoder.Slice] = []
  private var batches = 0
  private var types: [ScalarType] = []

  nonisolated let checksFiniteness = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: WriteStage, name: String, output: String, context: RunContext) {
    (self.stage, self.name, self.output, self.context) = (stage, name, output, context)
    encoder = BatchEncoder(type: stage.type)
    workers = WorkerThreads(stage.threads)
    executor = DedicatedExecutor("write.\(name)")
  }

  func resume(_ inputs: InputStamps, reading: [String: String]) throws -> CheckpointStore.Header? { nil }

  func prepare(_ shape: StreamShape) throws {
    batchRows = stage.batchRows(shape)
    let need = stage.memoryNeed(shape)
    try need.check(stage.memory, or: ["write smaller batches (--batch)"])
    if let plan = need.plan(stage.memory) { context.log.info("\(name): \(plan)") }
    sink = try OutputBytes(output)
  }

  func consume(_ blocks: BlockChannel) async throws {
    for try await streamed in blocks { try take(streamed.block) }
    try Task.checkCancellation()
    try write([open])
    open = []
  }

  /// Writes the batches that a block fills. A batch ends when the type changes, or when rows switch between with and
  /// without predictions.
  private func take(_ block: Block) throws {
    warnOfRounding(block.scalar)
    var full: [[BatchEncoder.Slice]] = []
    var row = 0
    while row < block.rows {
      let bound = Self.endOfPredictions(block, from: row)
      let slice = BatchEncoder.Slice(block, row..<min(bound, row + batchRows - open.map(\.rows.count).reduce(0, +)))
      if let last = open.last, last.block.scalar != block.scalar || last.hasPredictions != slice.hasPredictions {
        full.append(open)
        open = []
        continue
      }
      open.append(slice)
      row = slice.rows.upperBound
      if open.map(\.rows.count).reduce(0, +) == batchRows {
        full.append(open)
        open = []
      }
    }
    try write(full)
  }

  /// The end of the run of rows that all have predictions, or all lack them.
  private static func endOfPredictions(_ block: Block, from row: Int) -> Int {
    guard let predictions = block.predictions else { return block.rows }
    let isMissing = predictions[row] == Block.noPrediction
    return predictions[row...].firstIndex { ($0 == Block.noPrediction) != isMissing } ?? block.rows
  }

  /// Encodes and compresses batches on all threads, and writes them in order.
  private func write(_ full: [[BatchEncoder.Slice]]) throws {
    guard let sink else { return }
    let batches = full.filter { !$0.isEmpty }
    let level = output.hasSuffix(".zst") || stage.level != nil ? stage.level ?? 3 : nil
    for first in stride(from: 0, to: batches.count, by: workers.count) {
      let some = Array(batches[first..<min(first + workers.count, batches.count)])
      var made = [[UInt8]](repeating: [], count: some.count)
      let errors = made.withUnsafeMutableBufferPointer { made in
        // Each piece writes its own element.
        nonisolated(unsafe) let made = made
        return workers.attempt(some.count) { [encoder] piece in
          let content = try encoder.encode(some[piece])
          made[piece] =
            try level.map { level in
              let compressor = try FrameCompressor(level: level)
              return try content.withUnsafeBytes { Array(try compressor.compress($0)) }
            } ?? content
        }
      }
      if let error = errors.lazy.compactMap(\.self).first { throw error }
      for bytes in made { try bytes.withUnsafeBytes(sink.write) }
      try Task.checkCancellation()
    }
    self.batches += batches.count
  }

  private func warnOfRounding(_ scalar: ScalarType) {
    guard !types.contains(scalar) else { return }
    types.append(scalar)
    guard let type = stage.type, !BatchEncoder.isExact(scalar, type) else { return }
    context.log.info("\(name): \(scalar.rawValue) features are rounded to \(type.rawValue)")
  }

  func finish(_ summary: StreamSummary) throws {
    guard let sink else { return }
    try sink.commit()
    let skipped = summary.skipped > 0 ? ", \(summary.skipped) rows with NaN or infinity skipped" : ""
    context.log.info(
      "\(name): \(summary.rows) samples in \(batches) batches\(skipped); wrote \(output), \(ByteCount.describe(sink.count))"
    )
  }
}

extension BatchEncoder.Slice {
  /// Whether its rows have predictions; all or none do.
  fileprivate var hasPredictions: Bool {
    rows.first.flatMap { block.predictions?[$0] }.map { $0 != Block.noPrediction } ?? false
  }
}
