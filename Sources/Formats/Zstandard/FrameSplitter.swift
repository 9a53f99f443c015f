import CZstd
import Storage
import SystemPackage

/// Cuts compressed bytes into whole Zstandard frames, without decoding them.
///
/// In a local file, a ``FrameScanner`` finds the frames, and the decoding thread reads them. From a pipe, or a file on a
/// server, the bytes are read here. A frame that is invalid or too large is not cut: from there on, the bytes must be
/// decoded in order.
final class FrameSplitter {
  /// Bytes read at a time.
  private static let chunk = 2 << 20
  /// Size of a buffer; a frame that crosses its end moves to the next buffer.
  static let bufferBytes = 16 << 20

  private let file: FileBytes
  private let pool: BufferPool
  /// Maximum compressed size of a frame that is cut.
  private let largestFrame: Int
  /// The file in which frames are walked rather than read.
  private let positioned: PositionedFile?
  private var walk: FrameScanner?
  private var buffer: Buffer
  /// Bytes of the buffer that are not cut yet.
  private var rest = 0..<0
  private var atEnd = false
  /// Whether bytes that cannot be cut are left.
  private(set) var isUncut = false

  /// Throws `OutOfMemory`.
  init(_ file: FileBytes, pool: BufferPool, largestFrame: Int) throws {
    (self.largestFrame, self.file, self.pool) = (largestFrame, file, pool)
    positioned = file.positioned()
    walk = positioned.flatMap { positioned in file.end.map { FrameScanner(positioned, end: $0) } }
    buffer = try Buffer(count: 1, from: pool)
  }

  enum Cut {
    case frame(CompressedFrame)
    /// Bytes that cannot be cut; see ``takeUncut()``.
    case uncut
    case end
  }

  /// The next frame.
  func next() throws -> Cut {
    if let positioned, walk != nil { return try nextInFile(positioned) }
    while true {
      let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[rest])
      let size = ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count)
      if ZSTD_isError(size) == 0, size > 0, size <= bytes.count {
        let piece = Piece(buffer: buffer, range: rest.lowerBound..<rest.lowerBound + size, offset: offset)
        rest = piece.range.upperBound..<rest.upperBound
        return .frame(CompressedFrame(piece))
      }
      let isIncomplete = rest.isEmpty || ZSTD_getErrorCode(size) == ZSTD_error_srcSize_wrong
      if isIncomplete && !atEnd && rest.count < largestFrame {
        try readOn()
      } else {
        isUncut = !rest.isEmpty
        return isUncut ? .uncut : .end
      }
    }
  }

  private func nextInFile(_ positioned: PositionedFile) throws -> Cut {
    guard file.consumedBytes < file.size ?? 0 else { return .end }
    let (offset, place) = (file.consumedBytes, file.place)
    guard let frame = try file.refusing({ () throws(Errno) in try walk?.frame(at: place, most: largestFrame) }) else {
      isUncut = true
      return .uncut
    }
    try file.pass(frame.count)
    return .frame(
      CompressedFrame(
        place: .file(positioned, at: place), offset: offset, count: frame.count, contentBound: frame.contentBound))
  }

  /// Hands over the bytes that were read but not cut, if there are any.
  func takeUncut() -> Piece? {
    isUncut = false
    guard !rest.isEmpty else { return nil }
    defer { rest = rest.upperBound..<rest.upperBound }
    return Piece(buffer: buffer, range: rest, offset: offset)
  }

  /// Byte of the source at which the uncut bytes start.
  var offset: Int { file.consumedBytes - rest.count }

  /// Reads more bytes after the uncut ones, which first move to another buffer if this one is full.
  private func readOn() throws {
    if buffer.count - rest.upperBound < Self.chunk { try moveOn() }
    let room = buffer.bytes[rest.upperBound..<min(rest.upperBound + Self.chunk, buffer.count)]
    let got = try file.fill(UnsafeMutableRawBufferPointer(rebasing: room))
    atEnd = got < room.count
    rest = rest.lowerBound..<rest.upperBound + got
  }

  /// Moves the uncut bytes to another buffer, because frames already cut still use the old one.
  private func moveOn() throws {
    let next = try Buffer(count: max(Self.bufferBytes, rest.count + Self.chunk), from: pool)
    next.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer.bytes[rest]))
    rest = 0..<rest.count
    buffer = next
  }
}

/// Pieces that were already read, then the rest of their file.
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
