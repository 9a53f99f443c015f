import Artefacts
import Engine
import Foundation
import Logging
import Moments
import Storage
import Support
import SystemPackage

/// Measures how the cost of merging grows with the number of states, by simulating a corpus accumulated in shards.
///
/// The shards come from one synthetic stream, and their states are real. Each number of states is merged once per
/// round, after reading their files from end to end, which is the least that merging must do. The median of the rounds
/// counts.
///
/// The files were just written, so they are read from the system's cache if memory is large enough. A merge that does not fit
/// in memory is refused before anything is written. Responds to cancellation between pieces, and always removes the
/// scratch folder.
package actor MergeBench {
  private let options: MergeBenchOptions
  private let log: Logger
  private let executor = DedicatedExecutor("bench.merge")

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package init(_ options: MergeBenchOptions, log: Logger) {
    (self.options, self.log) = (options, log)
  }

  /// Measures everything. Throws `StreamError` if the scratch folder is not writable or lacks room, `MomentsError` if
  /// memory does not suffice, and `CancellationError`.
  package func run() throws -> MergeBenchReport {
    _ = try MergePlan(options)
    let folder = try TemporaryFile.folder(in: options.scratch)
    defer { Files.remove(folder) }
    log.info("writing \(options.states) states to \(folder)")
    let shards = try SyntheticShards(options, in: folder)
    var rounds: [[MergeBenchReport.Line]] = []
    for round in 1...options.repeats {
      log.info(
        "round \(round) of \(options.repeats): \(options.counts.map(String.init).joined(separator: ", ")) states")
      rounds.append(try options.counts.map { try measure(Array(shards.files.prefix($0)), in: folder) })
    }
    let lines = options.counts.indices.map { index in MergeBenchReport.Line(median: rounds.map { $0[index] }) }
    return MergeBenchReport(options: options, lines: lines)
  }

  private func measure(_ files: [String], in folder: String) throws -> MergeBenchReport.Line {
    let reading = try seconds { try read(files) }
    let output = folder + "/merged.h5"
    ProcessMemory.resetPeak()
    var summary: StateMerge.Summary?
    let merging = try seconds {
      let merge = try StateMerge(files)
      summary = try merge.write(
        to: output,
        plan: merge.plan(
          memory: options.memory, adviceToRaiseMemory: ResourceLimits.adviceToRaiseMemory(than: options.memory)),
        scratch: folder, workers: WorkerThreads(options.threads)
      ) { _ in try Task.checkCancellation() }
    }
    let peak = ProcessMemory.bytes("VmHWM")
    Files.remove(output)
    return MergeBenchReport.Line(
      states: files.count, bytes: FileSizes.total(files), classes: summary?.classes ?? 0, reading: reading,
      merging: merging, peak: peak)
  }

  /// Copies every byte of some files into a buffer.
  private func read(_ files: [String]) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 64)
    defer { buffer.deallocate() }
    for name in files {
      try Task.checkCancellation()
      let file = try FileDescriptor.open(FilePath(named: name), .readOnly)
      try file.closeAfter { while try file.read(into: buffer) > 0 {} }
    }
  }
}

extension MergePlan {
  /// The plan for merging all states, with as many classes as their rows can have. Throws ``MomentsError`` if memory
  /// does not suffice.
  fileprivate init(_ options: MergeBenchOptions) throws {
    try self.init(
      states: options.states, dimension: options.dimension,
      classes: min(options.vocabulary, options.states * SyntheticShards.stream(options, states: 1).rows),
      keepsLowParts: ClassMoments.keepsLowParts(of: options.type), within: options.within, memory: options.memory,
      adviceToRaiseMemory: ResourceLimits.adviceToRaiseMemory(than: options.memory))
  }
}
