/// Bytes in order, once: a plain file, a pipe, or what a decompressor makes of one.
///
/// A source is used by one task at a time; reading blocks the calling thread, so it is called on an executor of its own.
package protocol ByteSource: AnyObject {
  /// The source as the user named it.
  var name: String { get }
  /// Bytes taken from the file or pipe so far, for progress; compressed bytes where the source is compressed.
  var consumedBytes: Int { get }

  /// Where it is, to come back to; nil where that cannot be said.
  var mark: ByteMark? { get }

  /// Reads at least one byte and at most `buffer.count` into `buffer`, and returns how many; 0 at the end.
  ///
  /// Throws ``StreamError`` where the bytes cannot be had, and `CancellationError` where the task is cancelled while a
  /// pipe keeps it waiting.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int

  /// Takes at least one byte and at most `count` where they lie, without copying them, or nil at the end.
  ///
  /// Of a source that has no memory of its own, they are read into a new buffer of `pool`: as many as were asked for, or
  /// 4 MiB, but at the end. Throws like ``read(into:)``.
  func lend(_ count: Int, from pool: BufferPool) throws -> Piece?

  /// Passes over up to `count` bytes and returns how many; fewer only at the end.
  func skip(_ count: Int) throws -> Int

  /// Has reads that wait for a pipe, now or later, throw `CancellationError`. Any thread may call it.
  func stop()
}

/// A place in a source that can be come back to, by whichever number of threads: content so far into the frame that starts at
/// a byte of the file. Of a plain file, every byte is such a start.
package struct ByteMark: Sendable, Equatable, Codable {
  package let frame: Int
  package let content: Int

  package init(frame: Int, content: Int) {
    (self.frame, self.content) = (frame, content)
  }
}

extension ByteSource {
  package var mark: ByteMark? { nil }

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
    let buffer = Buffer(count: count, from: pool)
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
