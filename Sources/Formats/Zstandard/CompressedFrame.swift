import Storage

/// A Zstandard frame as its file has it.
struct CompressedFrame: Sendable {
  /// Where its bytes are.
  enum Place: Sendable {
    /// In memory.
    case memory(Piece)
    /// In a file, from a byte of it on: whoever decodes the frame reads it, into memory that is at hand then.
    case file(PositionedFile, at: Int)
  }

  let place: Place
  /// Byte of the source at which it starts.
  let offset: Int
  /// Its bytes.
  let count: Int
  /// Bytes of its content at most; as many as it says, where it does.
  let contentBound: Int

  /// A frame in memory; one that makes no sense has no bound.
  init(_ piece: Piece) {
    var walk = FrameWalk(piece.bytes)
    let frame = try? walk.frame(at: 0, most: piece.range.count)
    self.init(
      place: .memory(piece), offset: piece.offset, count: piece.range.count, contentBound: frame?.contentBound ?? .max)
  }

  init(place: Place, offset: Int, count: Int, contentBound: Int) {
    (self.place, self.offset, self.count, self.contentBound) = (place, offset, count, contentBound)
  }

  /// Calls `body` with the frame's bytes; returns nil where its file does not have them any more.
  func withBytes<Result>(from pool: BufferPool, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    switch place {
    case .memory(let piece): return body(piece.bytes)
    case .file(let file, let start):
      let buffer = Buffer(count: count, from: pool)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<count])
      guard let got = try? file.read(at: start, into: bytes), got == count else { return nil }
      return body(UnsafeRawBufferPointer(bytes))
    }
  }
}
