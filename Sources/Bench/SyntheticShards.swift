import Artefacts
import Engine
import Formats
import Moments
import Storage
import Support

/// The states of the shards of a synthetic stream, in files. Each batch is a shard.
struct SyntheticShards {
  let files: [String]

  /// Writes the states into `folder`.
  ///
  /// Throws `StreamError` if the folder is not writable or lacks room, and `CancellationError`.
  init(_ options: MergeBenchOptions, in folder: String) throws {
    let stream = Self.stream(options, states: options.states)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: stream.bytes(ofBatch: 0), alignment: 64)
    defer { buffer.deallocate() }
    let batch = folder + "/batch.npy"
    let file = try ScratchFile(named: "batch.npy", in: folder)
    var files: [String] = []
    for shard in 0..<options.states {
      try Task.checkCancellation()
      stream.write(batch: shard, into: buffer)
      try file.write(UnsafeRawBufferPointer(buffer), at: 0)
      files.append(folder + "/shard-\(shard).h5")
      try Self.accumulate(batch, options, to: files[shard])
      if shard == 0 { try DiskSpace.check(files[0], bytes: (options.states + 1) * FileSizes.total(files)) }
    }
    self.files = files
  }

  /// The stream that is accumulated into this many states.
  static func stream(_ options: MergeBenchOptions, states: Int) -> SyntheticStream {
    let rows = SyntheticStream(
      rows: 1, dimension: options.dimension, vocabulary: options.vocabulary, scalar: options.type
    ).rowsPerBatch
    return SyntheticStream(
      rows: states * rows, dimension: options.dimension, vocabulary: options.vocabulary, scalar: options.type)
  }

  private static func accumulate(_ file: String, _ options: MergeBenchOptions, to state: String) throws {
    let reader = EmbeddingReader(inputs: [file], options: ReadOptions(threads: options.threads))
    let moments = ClassMoments(
      dimension: options.dimension, within: options.within, workers: WorkerThreads(options.threads))
    while let block = try reader.next() { try moments.fold(block) }
    try moments.write(
      to: state,
      Provenance(
        madeBy: "accumulate", vocabulary: options.vocabulary, vocabularyWasGiven: true, skipped: 0,
        features: [options.type.rawValue], parts: 1, samplesDigest: state))
  }
}
