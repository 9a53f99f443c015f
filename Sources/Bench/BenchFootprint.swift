import Foundation
import Moments
import Storage
import Support

/// The memory and disk that a measurement takes, so that it can be refused before anything is written.
struct BenchFootprint {
  let options: BenchOptions
  let stream: SyntheticStream

  private var scatterBytes: Int { 8 * options.dimension * options.dimension }

  /// Bytes of a state with this many classes.
  func state(classes: Int) -> Int {
    classes * (options.classBytes + 20) + (options.within == .none ? 0 : scatterBytes)
  }

  /// The most classes that the stream can have.
  private var classes: Int { min(options.vocabulary, options.rows) }

  /// The most bytes of memory: the stream's blocks, the moments of the kernel alone, and what runs at the same time.
  func memory(buffer: Int) -> Int {
    let moments = state(classes: classes) + (options.within == .none ? 0 : scatterBytes)
    let running = max(
      SyntheticFiles.memory(stream, workers: WorkerThreads(options.threads)), buffer + moments + 256 << 20)
    return stream.byteCount + (options.within == .none ? 1 : 2) * moments + running
  }

  /// The most bytes in the scratch folder: both files and one state.
  var scratch: Int { SyntheticFiles.room(stream) + state(classes: classes) }

  /// Refuses a measurement that does not fit. Throws `StreamError` or `MomentsError`, with advice.
  func check(folder: String, memory available: Int, buffer: Int) throws {
    let needed = memory(buffer: buffer)
    guard needed <= available else {
      throw MomentsError(
        .outOfMemory,
        expected: "\(ByteCount.describe(needed)) of memory for \(options.rows) rows of dimension \(options.dimension)",
        found: ByteCount.describe(available), advice: "give fewer --rows, or a smaller --vocabulary")
    }
    if let room = TemporaryFile.room(in: folder), scratch > room {
      throw StreamError(
        .cannotWrite, file: folder, expected: "room for \(ByteCount.describe(scratch))",
        found: ByteCount.describe(room), advice: "give fewer --rows, or a --scratch folder with more room")
    }
  }
}
