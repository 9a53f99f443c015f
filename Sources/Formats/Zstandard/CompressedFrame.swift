import Storage
import Support

/// A compressed Zstandard frame.
struct CompressedFrame: Sendable {
  /// Where its bytes are.
  enum Location: Sendable {
    /// In memory.
    case memory(Piece)
    /// In a file, from this byte on. The decoding thread reads the frame into a recycled buffer.
    case file(PositionedFile, at: Int)
  }

  let place: Location
  /// Byte of the source at which it starts.
  let offset: Int
  /// Its compressed size, in bytes.
  let count: Int
  /// Maximum size of its content in bytes: the stated size, if the frame has one.
  let contentBound: Int

  /// A frame in memory; an invalid frame has no bound.
  init(_ piece: Piece) {
    var walk = FrameScanner(piece.bytes)
    let frame = try? walk.frame(at: 0, most: piece.range.count)
    self.init(
      place: .memory(piece), offset: piece.offset, count: piece.range.count, contentBound: frame?.contentBound ?? .max)
  }

  init(place: Location, offset: Int, count: Int, contentBound: Int) {
    (self.place, self.offset, self.count, self.contentBound) = (place, offset, count, contentBound)
  }

  /// Calls `body` with the frame's bytes; returns nil if its file no longer holds them.
  ///
  /// Throws `OutOfMemory`.
  func withBytes<Result>(
    from pool: BufferPool, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(OutOfMemory) -> Result? {
    switch place {
    case .memory(let piece): return body(piece.bytes)
    case .file(let file, let start):
      let buffer = try Buffer(count: count, from: pool)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<count])
      guard let got = try? file.read(at: start, into: bytes), got == count else { return nil }
      return body(UnsafeRawBufferPointer(bytes))
    }
  }
}
