import CZstd

/// Cuts compressed bytes into whole Zstandard frames, without decoding them.
///
/// Frames are found by their headers and those of their blocks. A frame larger than a given size, or one that makes no
/// sense, is not cut: from there on the bytes are to be decoded in order.
final class FrameSplitter {
  /// Bytes read at a time.
  private static let chunk = 2 << 20
  /// Bytes of a buffer; the frame that its end cuts through is moved to the next one.
  static let bufferBytes = 16 << 20

  private let file: FileBytes
  private let pool: BufferPool
  /// Compressed bytes of a frame that is cut.
  private let largestFrame: Int
  private var buffer: Buffer
  /// Bytes of the buffer that are not cut yet.
  private var rest = 0..<0
  private var atEnd = false
  /// Whether the file is mapped; bytes that are not cut yet are then not taken from it.
  private var isMapped: Bool

  init(_ file: FileBytes, pool: BufferPool, largestFrame: Int) {
    self.largestFrame = largestFrame
    self.file = file
    self.pool = pool
    isMapped = file.size != nil
    buffer = Buffer(count: 1, from: pool)
  }

  enum Cut {
    case frame(Piece)
    /// No frame that can be cut; see ``FrameSplitter/uncut``.
    case uncut
    case end
  }

  /// The next frame.
  func next() throws -> Cut {
    while true {
      let bytes = buffer.bytes[rest]
      let size = ZSTD_findFrameCompressedSize(UnsafeRawBufferPointer(rebasing: bytes).baseAddress, bytes.count)
      if ZSTD_isError(size) == 0, size > 0, size <= bytes.count {
        let piece = Piece(buffer: buffer, range: rest.lowerBound..<rest.lowerBound + size, offset: offset)
        rest = piece.range.upperBound..<rest.upperBound
        if isMapped { file.take(size) }
        return .frame(piece)
      }
      let isIncomplete = rest.isEmpty || ZSTD_getErrorCode(size) == ZSTD_error_srcSize_wrong
      if isIncomplete && !atEnd && rest.count < largestFrame {
        try readOn()
      } else {
        return rest.isEmpty ? .end : .uncut
      }
    }
  }

  /// What was read and is not cut, where there is any; it is handed over.
  func takeUncut() -> Piece? {
    guard !rest.isEmpty else { return nil }
    defer {
      if isMapped { file.take(rest.count) }
      rest = rest.upperBound..<rest.upperBound
    }
    return Piece(buffer: buffer, range: rest, offset: offset)
  }

  /// Whether something is left that was not cut.
  var isUncut: Bool { !rest.isEmpty }

  /// Byte of the file at which the uncut bytes start.
  var offset: Int { isMapped ? file.consumedBytes : file.consumedBytes - rest.count }

  /// Reads on behind what is left.
  private func readOn() throws {
    guard isMapped else { return try readCopy() }
    guard file.size.map({ file.consumedBytes + rest.count < $0 }) ?? false else {
      atEnd = true
      return
    }
    if let window = try file.window(atLeast: rest.count + Self.chunk, mapping: Self.bufferBytes) {
      (buffer, rest) = (window.buffer, window.range)
    } else {
      // From here on bytes are read, what is left once more.
      isMapped = false
      rest = rest.lowerBound..<rest.lowerBound
      try readCopy()
    }
  }

  /// Reads more behind what is left, which first moves to another buffer where this one has no room.
  private func readCopy() throws {
    if buffer.isMapping || buffer.count - rest.upperBound < Self.chunk { moveOn() }
    let room = buffer.bytes[rest.upperBound..<min(rest.upperBound + Self.chunk, buffer.count)]
    let got = try file.fill(UnsafeMutableRawBufferPointer(rebasing: room))
    atEnd = got < room.count
    rest = rest.lowerBound..<rest.upperBound + got
  }

  /// Moves what is left to another buffer, as frames already cut still use the old one.
  private func moveOn() {
    let next = Buffer(count: max(Self.bufferBytes, rest.count + Self.chunk), from: pool)
    next.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer.bytes[rest]))
    rest = 0..<rest.count
    buffer = next
  }
}

/// Pieces already read, and then the rest of the file they were read from.
final class PiecesThenFile: ByteSource {
  let name: String
  private var pieces: ArraySlice<Piece>
  private let file: ByteSource

  init(_ pieces: [Piece], then file: ByteSource) {
    name = file.name
    self.pieces = pieces[...]
    self.file = file
  }

  var consumedBytes: Int { pieces.first?.offset ?? file.consumedBytes }

  func stop() { file.stop() }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard let piece = pieces.popFirst() else { return try file.read(into: buffer) }
    let count = min(piece.range.count, buffer.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece.bytes[..<count]))
    if count < piece.range.count {
      let left = piece.range.lowerBound + count..<piece.range.upperBound
      pieces = [Piece(buffer: piece.buffer, range: left, offset: piece.offset + count)] + pieces
    }
    return count
  }
}
