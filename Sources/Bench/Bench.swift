import Artefacts
import Engine
import Formats
import Foundation
import Logging
import Plan
import Stages
import Storage
import Support
import Synchronization

/// Measures what a machine makes of a synthetic stream: memory, decompression and the fold apart, and the whole pipeline.
///
/// Everything is measured once a round, round after round, so that whatever else the machine does meets all of it alike;
/// of the rounds, the median counts. Answers cancellation between blocks and batches; the scratch folder is gone in any case.
///
/// The stream's files were just written: they are read from the system's cache where memory is large enough, and what a disk
/// or a network adds is not seen.
public actor Bench {
  private let options: BenchOptions
  private let log: Logger
  private let memory: Int
  private let workers: Workers
  private let drain = FrameDrain()
  private let executor = DedicatedExecutor("bench")
  private var times: [BenchReport.Subject: [Double]] = [:]
  private var state = (bytes: 0, classes: 0)

  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  public init(_ options: BenchOptions, log: Logger) {
    self.init(options, log: log, memory: Allowance.memory)
  }

  /// - Parameter memory: bytes there are.
  init(_ options: BenchOptions, log: Logger, memory: Int) {
    (self.options, self.log, self.memory) = (options, log, memory)
    workers = Workers(options.threads)
  }

  /// Measures everything.
  ///
  /// Throws `StreamError` where the scratch folder refuses or has not enough room, `MomentsError` where memory is not
  /// enough, and `CancellationError`.
  public func run() async throws -> BenchReport {
    let folder = try TemporaryFile.folder(in: options.scratch)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let stream = SyntheticStream(
      rows: options.rows, dimension: options.dimension, vocabulary: options.vocabulary, scalar: options.type)
    let room = BenchRoom(options: options, stream: stream)
    let bufferBytes = MemoryBandwidth.byteCount(workers: workers, memory: memory)
    try room.check(folder: folder, memory: memory, buffer: bufferBytes)
    log.info(
      "writing \(options.rows) rows of \(options.dimension) \(options.type.rawValue), \(ByteCount.describe(stream.byteCount)), to \(folder)"
    )
    let files = try SyntheticFiles(stream, in: folder, workers: workers)
    let kernel = try HeldStream(files.plain, options: options)
    let bandwidth = MemoryBandwidth(byteCount: bufferBytes, workers: workers)
    for round in 1...options.repeats {
      log.info("round \(round) of \(options.repeats): memory, decompression, kernel, end to end")
      // A pass is over so soon that one says little.
      for _ in 0..<5 { try time(.memory) { bandwidth.read() } }
      try measureReading(files)
      try time(.kernel) { try kernel.fold() }
      if options.within != .none { try time(.scatter) { try kernel.foldWithScatter() } }
      try await measurePipeline(files.plain, .endToEndPlain, in: folder)
      try await measurePipeline(files.compressed, .endToEndCompressed, in: folder)
    }
    return BenchReport(
      processor: Processor.name, options: options, files: files, visits: kernel.visits, classes: state.classes,
      bufferBytes: bandwidth.byteCount, stateBytes: state.bytes,
      corpusStateBytes: room.state(classes: min(options.vocabulary, options.corpus)), times: times.mapValues(\.median))
  }

  private func measureReading(_ files: SyntheticFiles) throws {
    try time(.decodeOneThread) { _ = try drain.oneByOne(of: files.compressed) }
    try time(.decode) { _ = try drain.all(of: files.compressed, threads: options.threads) }
    try time(.readPlain) {
      var reading = ReadOptions(threads: options.threads)
      // As the pipeline has it, whose fold sees them.
      reading.leavesFinitenessToConsumers = true
      let reader = EmbeddingReader(inputs: [files.plain], options: reading)
      while try reader.next() != nil { try Task.checkCancellation() }
    }
  }

  private func time(_ subject: BenchReport.Subject, _ body: () throws -> Void) throws {
    try Task.checkCancellation()
    let start = ContinuousClock.now
    try body()
    times[subject, default: []].append((ContinuousClock.now - start) / .seconds(1))
  }

  /// Runs the pipeline of `accumulate` on a file that is named twice: the time of the second pass, whose classes are all
  /// there, and the time of all else, which is the start, the first visits of classes and the writing of the state.
  private func measurePipeline(_ file: String, _ subject: BenchReport.Subject, in folder: String) async throws {
    let output = folder + "/state.h5"
    let passes = PassClock(rows: options.rows)
    var run = try PipelineRun(
      try graph([file, file], output: output), log: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    run.rowsAreDone = { passes.note($0) }
    let start = ContinuousClock.now
    _ = try await run.run()
    let all = (ContinuousClock.now - start) / .seconds(1)
    let pass = passes.secondPass ?? all / 2
    times[subject, default: []].append(pass)
    times[.state, default: []].append(max(all - 2 * pass, 0))
    if state.classes == 0 { state.classes = try StateReader(output).classes }
    state.bytes = FileSizes.total([output])
    try? FileManager.default.removeItem(atPath: output)
  }

  private func graph(_ files: [String], output: String) throws -> PipelineGraph {
    func option(_ name: String, _ values: String...) -> (String, StageDescription.Option) {
      (name, list(name, values))
    }
    func list(_ name: String, _ values: [String]) -> StageDescription.Option {
      StageDescription.Option(.option("--\(name)"), values.map { Located($0, .option("--\(name)")) })
    }
    func stage(_ kind: String, _ options: [(String, StageDescription.Option)]) -> StageDescription {
      StageDescription(
        name: kind, kind: Located(kind, .option(kind)), options: Dictionary(uniqueKeysWithValues: options))
    }
    let threads = option("threads", "\(options.threads)")
    return try PipelineGraph(
      PipelineDescription(
        name: "bench",
        stages: [
          stage(ReadStage.name, [("files", list("files", files)), threads]),
          stage(
            AccumulateStage.name,
            [
              option("from", ReadStage.name), option("within", options.within.rawValue), option("output", output),
              option("vocabulary", "\(options.vocabulary)"), threads,
            ]),
        ]), in: KindRegistry(StageKinds.all))
  }
}
