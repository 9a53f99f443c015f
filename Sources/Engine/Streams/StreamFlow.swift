import Formats
import Logging
import Storage

/// A stream flowing from its reader to its consumers through channels.
struct StreamFlow: Sendable {
  typealias Consumer = (stage: any StreamConsumer, meter: Meter, chain: TransformChain?)

  let consumers: [Consumer]
  /// The reader's meter.
  let meter: Meter
  let log: Logger
  /// See ``PipelineRun/rowsAreDone``.
  let rowsAreDone: @Sendable (Int) -> Void

  /// Says what was chosen for the user.
  private var choosing: @Sendable (String) -> Void {
    { [log, meter] in log.info("\(meter.stage): \($0)") }
  }

  /// Runs the stream of files, or of a program, to its consumers.
  func run(
    _ read: any ReadingStage, _ inputs: [String], _ options: ReadOptions, from begin: StreamStart
  ) async throws -> StreamSummary {
    guard let command = read.command else {
      let hub = StreamFanOut(
        inputs, options: options, from: begin, meter: meter, rowsAreDone: rowsAreDone, choosing: choosing)
      return try await run(hub, begin.position?.shape) { read.maximumRows(inputs, dimension: $0.dimension) }
    }
    log.info("\(meter.stage): running “\(command.value)”")
    return try await CommandSource(line: command.value).feeding(meter) { input in
      let hub = StreamFanOut(
        [input], options: options, from: begin, meter: meter, rowsAreDone: rowsAreDone, choosing: choosing)
      return try await run(hub, begin.position?.shape) { _ in read.rows?.count }
    }
  }

  /// Runs a stream to its consumers until it ends or something fails.
  ///
  /// - Parameters:
  ///   - shape: of the rows, if already known.
  ///   - maximumRows: an upper bound on the rows, if known.
  private func run(
    _ hub: StreamFanOut, _ shape: StreamShape?, maximumRows: (StreamShape) -> Int?
  ) async throws -> StreamSummary {
    var shape = shape
    if shape == nil {
      shape = try await meter.naming(log) { try await hub.shape() }
    } else {
      shape?.windowBytes = await hub.windowBytes
    }
    if var shape {
      shape.maximumRows = maximumRows(shape)
      for consumer in consumers {
        var shape = shape
        if consumer.chain != nil { shape.blocksAtOnce = TransformChain.blocksAtOnce }
        let planned = shape
        try await consumer.meter.naming(log) { try await consumer.stage.prepare(planned) }
      }
    }
    do {
      let summary = try await run(hub)
      try await meter.naming(log) { try await hub.checkIntact() }
      return summary
    } catch let error where !(error is CancellationError) {
      // If a file changed during the read, that is the error to report.
      try await hub.checkIntact()
      throw error
    }
  }

  private func run(_ hub: StreamFanOut) async throws -> StreamSummary {
    try await withThrowingTaskGroup(of: StreamSummary?.self) { group in
      let channels = consumers.map { BlockChannel($0.meter, through: $0.chain) }
      group.addTask { try await meter.naming(log) { try await hub.run(to: channels) } }
      for (consumer, channel) in zip(consumers, channels) {
        group.addTask {
          try await consumer.meter.naming(log) { try await consumer.stage.consume(channel) }
          return nil
        }
      }
      do {
        var summary = StreamSummary()
        for try await result in group {
          if let result { summary = result }
        }
        return summary
      } catch {
        // An interrupted run ends for that reason, whatever the error.
        if !Task.isCancelled { for channel in channels { channel.fail() } }
        throw error
      }
    }
  }
}

extension Meter {
  /// Logs which stage failed. Cancellation errors of the other stages are not logged, and neither are samples that differ
  /// from those of a checkpoint: the run may start over.
  func naming<Result: Sendable>(
    _ log: Logger, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let error where !(error is CancellationError) {
      end(.failed)
      if (error as? StreamError)?.kind == .otherSamples { throw error }
      log.error("\(stage) (\(kind)) failed after \(ProgressDisplay.time(seconds))")
      throw error
    }
  }
}
