/// Bytes read once, in order: from a plain file, a pipe, or a decompressor over one.
///
/// Only one task uses a source at a time. Reading blocks the calling thread, so call it on a dedicated executor.
package protocol ByteSource: AnyObject {
  /// The source as the user named it.
  var name: String { get }
  /// Bytes taken from the file or pipe so far, for progress; compressed bytes if the source is compressed.
  var consumedBytes: Int { get }

  /// The current position, to resume from; nil if there is no resumable position here.
  var mark: ResumablePosition? { get }

  /// Reads between 1 and `buffer.count` bytes into `buffer` and returns how many; 0 at the end.
  ///
  /// Throws ``StreamError`` if the bytes cannot be read, and `CancellationError` if the task is cancelled while waiting
  /// for a pipe.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int

  /// Takes between 1 and `count` bytes without copying them; nil at the end.
  ///
  /// A source without its own memory reads into a new buffer from `pool`: min(`count`, 4 MiB) bytes, and fewer only at
  /// the end. Throws like ``read(into:)``.
  func lend(_ count: Int, from pool: BufferPool) throws -> Piece?

  /// Skips up to `count` bytes and returns how many; fewer only at the end.
  func skip(_ count: Int) throws -> Int

  /// Makes current and later waits for a pipe throw `CancellationError`. Any thread may call it.
  func stop()
}

/// A resumable position in a source: the byte of the file where a frame starts, and how many bytes of its content
/// precede the position. It is valid for any number of threads. In a plain file, every byte starts a frame.
package struct ResumablePosition: Sendable, Equatable, Codable {
  package let frame: Int
  package let content: Int

  package init(frame: Int, content: Int) {
    (self.frame, self.content) = (frame, content)
  }

  /// Skips `count` bytes of a source, up to a place from a checkpoint. Throws ``StreamError`` if it has fewer.
  package static func pass(_ count: Int, of source: some ByteSource) throws {
    let got = try source.skip(count)
    if got < count { try check(count, in: 0...got, source.name) }
  }

  /// Throws ``StreamError`` if a place from a checkpoint is not in the file.
  package static func check(_ place: Int, in range: ClosedRange<Int>, _ file: String) throws {
    guard !range.contains(place) else { return }
    throw StreamError(
      .unreadable, file: file, expected: "a place to resume from, from \(range.lowerBound) to \(range.upperBound)",
      found: "\(place)", advice: "the checkpoint is damaged: start over with --restart")
  }
}

extension ByteSource {
  package var mark: ResumablePosition? { nil }

  /// Reads until `buffer` is full or the source ends, and returns how many bytes it read.
  package func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var done = 0
    while done < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
      if count == 0 { break }
      done += count
    }
    return done
  }

  package func lend(_ count: Int, from pool: BufferPool) throws -> Piece? { try lendCopy(count, from: pool) }

  package func lendCopy(_ count: Int, from pool: BufferPool) throws -> Piece? {
    let count = min(count, 4 << 20)
    let buffer = try Buffer(count: count, from: pool)
    let offset = consumedBytes
    let got = try fill(UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<count]))
    return got == 0 ? nil : Piece(buffer: buffer, range: 0..<got, offset: offset)
  }

  package func skip(_ count: Int) throws -> Int { try skipByReading(count) }

  package func skipByReading(_ count: Int) throws -> Int {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(count, 1 << 18), alignment: 64)
    defer { buffer.deallocate() }
    var done = 0
    while done < count {
      let got = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, count - done)]))
      if got == 0 { break }
      done += got
    }
    return done
  }
}
