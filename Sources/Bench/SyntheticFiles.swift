import Formats
import Storage
import Support

/// A synthetic stream in files: plain, and in Zstandard frames of one batch each.
struct SyntheticFiles: Sendable {
  let plain: String
  let compressed: String
  let plainBytes: Int
  let compressedBytes: Int

  /// Batches made at a time: enough that threads seldom wait for each other, and few enough to take little memory.
  private static func atOnce(_ workers: WorkerThreads) -> Int { min(4 * workers.count, 32) }

  /// The most bytes of memory that writing takes.
  static func memory(_ stream: SyntheticStream, workers: WorkerThreads) -> Int {
    let batch = stream.bytes(ofBatch: 0)
    return min(atOnce(workers), stream.batches) * (batch + FrameCompressor.bound(batch))
  }

  /// The most bytes of both files.
  static func room(_ stream: SyntheticStream) -> Int {
    stream.byteCount + stream.batches * FrameCompressor.bound(stream.bytes(ofBatch: 0))
  }

  /// Writes both files into `folder`. All workers make, compress and write batches.
  ///
  /// Throws ``StreamError`` of kind `cannotWrite` if the folder is not writable, and `CancellationError` if the task is
  /// cancelled.
  init(_ stream: SyntheticStream, in folder: String, workers: WorkerThreads) throws {
    let (plainName, compressedName) = ("stream.npy", "stream.npy.zst")
    let files = (
      plain: try ScratchFile(named: plainName, in: folder),
      compressed: try ScratchFile(named: compressedName, in: folder)
    )
    let slots = try (0..<min(Self.atOnce(workers), stream.batches)).map { _ in try Slot(stream.bytes(ofBatch: 0)) }
    var compressedBytes = 0
    for first in stride(from: 0, to: stream.batches, by: slots.count) {
      try Task.checkCancellation()
      let count = min(slots.count, stream.batches - first)
      // Each piece has its own slot.
      nonisolated(unsafe) let slots = slots
      try Self.check(
        workers.attempt(count) { piece in
          let content = try slots[piece].make(first + piece, of: stream)
          try files.plain.write(content, at: (first + piece) * stream.bytes(ofBatch: 0))
        })
      var places = [compressedBytes]
      for slot in slots[..<count] { places.append(places[places.count - 1] + slot.frame.count) }
      let starts = places
      try Self.check(workers.attempt(count) { try files.compressed.write(slots[$0].frame, at: starts[$0]) })
      compressedBytes = starts[count]
    }
    plain = folder + "/" + plainName
    compressed = folder + "/" + compressedName
    plainBytes = stream.byteCount
    self.compressedBytes = compressedBytes
  }

  private static func check(_ errors: [(any Error)?]) throws {
    if let error = errors.lazy.compactMap(\.self).first { throw error }
  }

  /// Memory for making one batch.
  private final class Slot {
    private let content: UnsafeMutableRawBufferPointer
    private let compressor: FrameCompressor
    /// The frame of the last batch made.
    private(set) var frame = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ bytes: Int) throws {
      compressor = try FrameCompressor()
      content = .allocate(byteCount: bytes, alignment: 64)
    }

    deinit { content.deallocate() }

    /// Makes a batch and its frame, and returns the batch's bytes.
    func make(_ batch: Int, of stream: SyntheticStream) throws -> UnsafeRawBufferPointer {
      stream.write(batch: batch, into: content)
      let bytes = UnsafeRawBufferPointer(rebasing: content[..<stream.bytes(ofBatch: batch)])
      frame = try compressor.compress(bytes)
      return bytes
    }
  }
}
