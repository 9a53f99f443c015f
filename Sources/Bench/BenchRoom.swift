import Foundation
import Moments
import Storage
import Support

/// What a measurement takes of the machine, so that it is refused before anything is written.
struct BenchRoom {
  let options: BenchOptions
  let stream: SyntheticStream

  private var scatterBytes: Int { 8 * options.dimension * options.dimension }

  /// Bytes of the state of so many classes.
  func state(classes: Int) -> Int {
    let means = classes * options.dimension * 8 * (ClassMoments.carriesMeans(of: options.type) ? 2 : 1)
    return means + classes * 20 + (options.within == .none ? 0 : scatterBytes)
  }

  /// Classes that the stream has at most.
  private var classes: Int { min(options.vocabulary, options.rows) }

  /// Bytes of memory at most: the stream's blocks and the moments of the kernel alone, and what runs beside them.
  func memory(buffer: Int) -> Int {
    let moments = state(classes: classes) + (options.within == .none ? 0 : scatterBytes)
    let running = max(
      SyntheticFiles.memory(stream, workers: Workers(options.threads)), buffer + moments + 256 << 20)
    return stream.byteCount + (options.within == .none ? 1 : 2) * moments + running
  }

  /// Bytes of the scratch folder at most: both files and one state.
  var scratch: Int { SyntheticFiles.room(stream) + state(classes: classes) }

  /// Refuses what does not fit. Throws `StreamError` or `MomentsError`, with what to do.
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
        found: ByteCount.describe(room), advice: "give fewer --rows, or --scratch a folder with more room")
    }
  }
}
