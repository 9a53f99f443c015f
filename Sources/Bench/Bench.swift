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

/// Measures how fast a machine processes a synthetic stream: memory, decompression and the fold separately, and the
/// whole pipeline.
///
/// Everything is measured once per round, so that other load on the machine affects all of it alike. The median of the
/// rounds counts. Responds to cancellation between blocks and batches, and always removes the scratch folder.
///
/// The stream's files were just written. If memory is large enough they are read from the system's cache, so the cost
/// of a disk or a network does not show.
package actor Bench {
  private let options: BenchOptions
  private let log: Logger
  private let memory: Int
  private let workers: WorkerThreads
  private let drain = FrameDrain()
  private let executor = DedicatedExecutor("bench")
  private var times: [BenchReport.Subject: [Double]] = [:]
  private var state = (bytes: 0, classes: 0)

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameter memory: the bytes available.
  package init(_ options: BenchOptions, log: Logger, memory: Int = ResourceLimits.memory) {
    (self.options, self.log, self.memory) = (options, log, memory)
    workers = WorkerThreads(options.threads)
  }

  /// Measures everything.
  ///
  /// Throws `StreamError` if the scratch folder is not writable or lacks room, `MomentsError` if memory does not
  /// suffice, and `CancellationError`.
  package func run() async throws -> BenchReport {
    let folder = try TemporaryFile.folder(in: options.scratch)
    defer { Files.remove(folder) }
    let stream = SyntheticStream(
      rows: options.rows, dimension: options.dimension, vocabulary: options.vocabulary, scalar: options.type)
    let room = BenchFootprint(options: options, stream: stream)
    let bufferBytes = MemoryBandwidth.byteCount(workers: workers, memory: memory)
    try room.check(folder: folder, memory: memory, buffer: bufferBytes)
    log.info(
      "writing \(options.rows) rows of \(options.dimension) \(options.type.rawValue), \(ByteCount.describe(stream.byteCount)), to \(folder)"
    )
    let files = try SyntheticFiles(stream, in: folder, workers: workers)
    let kernel = try InMemoryStream(files.plain, options: options)
    let bandwidth = try MemoryBandwidth(byteCount: bufferBytes, workers: workers)
    for round in 1...options.repeats {
      log.info("round \(round) of \(options.repeats): memory, decompression, kernel, end to end")
      // One pass is too short to be timed well.
      for _ in 0..<5 { try time(.memory) { bandwidth.read() } }
      try measureReading(files)
      try time(.kernel) { try kernel.fold(withScatter: false) }
      if options.within != .none { try time(.scatter) { try kernel.fold(withScatter: true) } }
      try await measurePipeline(files.plain, .endToEndPlain, in: folder)
      try await measurePipeline(files.compressed, .endToEndCompressed, in: folder)
    }
    return BenchReport(
      options: options, files: files, visits: kernel.visits, classes: state.classes,
      bufferBytes: bandwidth.byteCount, stateBytes: state.bytes,
      corpusStateBytes: room.state(classes: min(options.vocabulary, options.corpus)), times: times.mapValues(\.median))
  }

  private func measureReading(_ files: SyntheticFiles) throws {
    try time(.decodeOneThread) { _ = try drain.oneByOne(of: files.compressed) }
    try time(.decode) { _ = try drain.all(of: files.compressed, threads: options.threads) }
    try time(.readPlain) {
      var reading = ReadOptions(threads: options.threads)
      // As in the pipeline, whose fold finds non-finite numbers.
      reading.leavesFinitenessToConsumers = true
      let reader = EmbeddingReader(inputs: [files.plain], options: reading)
      while try reader.next() != nil { try Task.checkCancellation() }
    }
  }

  private func time(_ subject: BenchReport.Subject, _ body: () throws -> Void) throws {
    times[subject, default: []].append(try seconds(body))
  }

  /// Runs the pipeline of `accumulate` on a file that is named twice. Records the time of the second pass, when all
  /// classes exist. Everything else is timed together: the start, the first visits to classes, and writing the state.
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
    Files.remove(output)
  }

  private func graph(_ files: [String], output: String) throws -> PipelineGraph {
    func stage(_ kind: String, _ options: [String: [String]]) -> StageDescription {
      let place = SourcePosition.option(kind)
      return StageDescription(
        name: kind, kind: Located(kind, place),
        options: options.mapValues { StageDescription.Option(place, $0.map { Located($0, place) }) })
    }
    let threads = ["\(options.threads)"]
    let stages = [
      stage(ReadStage.name, ["files": files, "threads": threads]),
      stage(
        AccumulateStage.name,
        [
          "from": [ReadStage.name], "within": [options.within.rawValue],
          "moments": [options.moments.rawValue], "output": [output],
          "vocabulary": ["\(options.vocabulary)"], "threads": threads,
        ]),
    ]
    return try PipelineGraph(PipelineDescription(name: "bench", stages: stages), in: KindRegistry(StageKinds.all))
  }
}
