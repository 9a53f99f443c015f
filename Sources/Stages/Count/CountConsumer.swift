import Engine
import Formats
import Storage
import Support

/// Counts token classes and writes the table. Keeps no checkpoints: an interrupted count starts over.
actor CountConsumer: StreamConsumer {
  private let name: String
  private let output: String?
  private let context: RunContext
  private let executor: DedicatedExecutor
  private var counts = TokenCounts()

  nonisolated let checksFiniteness = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(name: String, output: String?, context: RunContext) {
    (self.name, self.output, self.context) = (name, output, context)
    executor = DedicatedExecutor("count.\(name)")
  }

  /// Counts files one after another; returns the table if there is no output file. Checks for cancellation every half
  /// MiB.
  func count(_ files: [String], _ stage: CountStage, _ meter: Meter) throws -> (any StageResult)? {
    meter.setGoal(FileSizes.total(files.map { TensorReference($0).file }))
    let alignment = try stage.alignment.alignment(tokens: files)
    var before = 0
    var reading = stage.reading
    reading.scratch = stage.scratch?.value ?? context.spill ?? output.map(AtomicFile.folder(of:))
    for (number, file) in files.enumerated() {
      let progress = { bytes in
        meter.update(done: before + bytes)
        try Task.checkCancellation()
      }
      let isRaw = alignment.isRaw
      if try stage.alignment.given != nil || !isRaw && TokenCounts.hasSequences(file, options: reading) {
        try counts.add(nextTokens: number, alignment, threads: reading.threads, progress: progress)
      } else {
        try counts.add(
          file: file, width: alignment.width, isRaw: isRaw, options: reading, progress: progress)
      }
      before = meter.reading.done
    }
    for choice in counts.choices { context.log.info("\(name): \(choice)") }
    try write()
    guard output == nil else { return nil }
    return PrintedResult(
      table: counts.csv,
      json: .array(counts.counts.map { ["token": .integer(Int($0.token)), "count": .integer($0.count)] }))
  }

  func resume(_ inputs: InputStamps, reading: [String: String]) throws -> CheckpointStore.Header? { nil }

  func prepare(_ shape: StreamShape) throws {}

  func consume(_ blocks: BlockChannel) async throws {
    for try await streamed in blocks {
      counts.add(streamed.block.labels)
      try counts.checkMemory(streamed.block.origin(ofRow: 0).source)
    }
    try Task.checkCancellation()
  }

  func finish(_ summary: StreamSummary) throws { try write() }

  private func write() throws {
    if let output { try AtomicFile.write(output, text: counts.csv) }
    context.log.info(
      "\(name): \(counts.samples) samples of \(counts.counts.count) classes\(output.map { "; wrote \($0)" } ?? "")")
  }
}
