import CZstd

/// Cuts compressed bytes into whole Zstandard frames, without decoding them.
///
/// Frames are found by their headers and those of their blocks. A frame larger than ``largestFrame``, or one that makes no
/// sense, is not cut: from there on the bytes are to be decoded in order.
final class FrameSplitter {
  /// Compressed bytes.
  static let largestFrame = 16 << 20
  private static let chunk = 4 << 20

  private let file: ByteSource
  private let fileSize: Int?
  private let pool: BufferPool
  private var buffer: Buffer
  /// Bytes of the buffer that are not cut yet.
  private var rest = 0..<0
  private var atEnd = false

  /// - Parameter fileSize: the file's size where it is known, so that a small file does not get a large buffer.
  init(_ file: ByteSource, fileSize: Int?, pool: BufferPool) {
    self.file = file
    self.fileSize = fileSize
    self.pool = pool
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
        return .frame(piece)
      }
      let isIncomplete = rest.isEmpty || ZSTD_getErrorCode(size) == ZSTD_error_srcSize_wrong
      if isIncomplete && !atEnd && rest.count < Self.largestFrame {
        try readOn()
      } else {
        return rest.isEmpty ? .end : .uncut
      }
    }
  }

  /// What was read and is not cut, where there is any.
  var uncut: Piece? { rest.isEmpty ? nil : Piece(buffer: buffer, range: rest, offset: offset) }

  /// Byte of the file at which the uncut bytes start.
  private var offset: Int { file.consumedBytes - rest.count }

  /// Moves what is left to a buffer of its own, as frames already cut still use the old one, and reads more.
  private func readOn() throws {
    let ahead = fileSize.map { min(max($0 - file.consumedBytes, 1), Self.chunk) } ?? Self.chunk
    let next = Buffer(count: rest.count + ahead, from: pool)
    next.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer.bytes[rest]))
    let room = UnsafeMutableRawBufferPointer(rebasing: next.bytes[rest.count..<rest.count + ahead])
    let got = try file.fill(room)
    atEnd = got < room.count
    rest = 0..<rest.count + got
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
