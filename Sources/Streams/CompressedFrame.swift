import CZstd

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
  /// Bytes of its content, where it says so.
  let contentSize: Int?

  /// A frame in memory.
  init(_ piece: Piece) {
    let stated = ZSTD_getFrameContentSize(piece.bytes.baseAddress, piece.bytes.count)
    let isStated = stated != ZSTD_CONTENTSIZE_UNKNOWN && stated != ZSTD_CONTENTSIZE_ERROR
    self.init(
      place: .memory(piece), offset: piece.offset, count: piece.range.count,
      contentSize: isStated ? Int(clamping: stated) : nil)
  }

  init(place: Place, offset: Int, count: Int, contentSize: Int?) {
    (self.place, self.offset, self.count, self.contentSize) = (place, offset, count, contentSize)
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
