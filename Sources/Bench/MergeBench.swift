import Artefacts
import Engine
import Foundation
import Logging
import Moments
import Storage
import Support
import SystemPackage

/// Measures what merging takes as states grow in number: a simulation of a corpus that was accumulated in shards.
///
/// The shards are those of one made-up stream, and their states real ones. Each number of them is merged once a round, after
/// their files were read from end to end, which is the least that merging does; of the rounds, the median counts. Files were
/// just written: they are read from the system's cache where memory is large enough. What memory has no room for is refused
/// before anything is written. Answers cancellation between pieces; the scratch folder is gone in any case.
public actor MergeBench {
  private let options: MergeBenchOptions
  private let log: Logger
  private let executor = DedicatedExecutor("bench.merge")

  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  public init(_ options: MergeBenchOptions, log: Logger) {
    (self.options, self.log) = (options, log)
  }

  /// Measures everything. Throws `StreamError` where the scratch folder refuses or has not enough room, `MomentsError`
  /// where memory is not enough, and `CancellationError`.
  public func run() throws -> MergeBenchReport {
    _ = try MergePlan(options)
    let folder = try TemporaryFile.folder(in: options.scratch)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    log.info("writing \(options.states) states to \(folder)")
    let shards = try SyntheticShards(options, in: folder)
    var rounds: [[MergeBenchReport.Line]] = []
    for round in 1...options.repeats {
      log.info(
        "round \(round) of \(options.repeats): \(options.counts.map(String.init).joined(separator: ", ")) states")
      rounds.append(try options.counts.map { try measure(Array(shards.files.prefix($0)), in: folder) })
    }
    let lines = options.counts.indices.map { index in MergeBenchReport.Line(median: rounds.map { $0[index] }) }
    return MergeBenchReport(processor: Processor.name, options: options, lines: lines)
  }

  private func measure(_ files: [String], in folder: String) throws -> MergeBenchReport.Line {
    let reading = try time { try read(files) }
    let output = folder + "/merged.h5"
    ProcessMemory.forgetPeak()
    var summary: StateMerge.Summary?
    let merging = try time {
      let merge = try StateMerge(files)
      summary = try merge.write(
        to: output,
        plan: merge.plan(memory: options.memory, adviceForMore: Allowance.adviceForMore(than: options.memory)),
        scratch: folder, workers: Workers(options.threads)
      ) { _ in try Task.checkCancellation() }
    }
    let peak = ProcessMemory.bytes("VmHWM")
    try? FileManager.default.removeItem(atPath: output)
    return MergeBenchReport.Line(
      states: files.count, bytes: FileSizes.total(files), classes: summary?.classes ?? 0, reading: reading,
      merging: merging, peak: peak)
  }

  private func time(_ body: () throws -> Void) throws -> Double {
    try Task.checkCancellation()
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// Copies every byte of some files into a buffer.
  private func read(_ files: [String]) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 64)
    defer { buffer.deallocate() }
    for name in files {
      try Task.checkCancellation()
      let file = try FileDescriptor.open(FilePath(name), .readOnly)
      try file.closeAfter { while try file.read(into: buffer) > 0 {} }
    }
  }
}

extension MergePlan {
  /// How all states are merged, with as many classes as their rows can have. Throws ``MomentsError`` where memory is not
  /// enough.
  fileprivate init(_ options: MergeBenchOptions) throws {
    try self.init(
      states: options.states, dimension: options.dimension,
      classes: min(options.vocabulary, options.states * SyntheticShards.stream(options, states: 1).rows),
      carriesMeans: ClassMoments.carriesMeans(of: options.type), within: options.within, memory: options.memory,
      adviceForMore: Allowance.adviceForMore(than: options.memory))
  }
}
