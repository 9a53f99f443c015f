import CZstd
import Storage
import SystemPackage

/// Finds where Zstandard frames end, and how much content they can have, without reading them whole. It reads only the
/// headers of frames and blocks (RFC 8878, 3.1.1 and 3.1.2).
struct FrameScanner {
  private enum Source {
    case file(PositionedFile)
    case memory(UnsafeRawBufferPointer)
  }

  private let source: Source
  /// Size of the file when it was opened, or of the bytes in memory.
  private let end: Int
  /// Some bytes of the file, which often include the next headers, and where they start.
  private var window: [UInt8] = []
  private var windowStart = 0

  /// Size of a window that directly follows the last one, as with small blocks.
  private static let windowBytes = 4096
  /// Size of a window that starts elsewhere: enough for a block header and the header of the next frame. More would
  /// fetch useless memory once per block of 128 KiB.
  private static let leapBytes = 32

  init(_ file: PositionedFile, end: Int) { (source, self.end) = (.file(file), end) }

  /// Bytes in memory, which must outlive this value.
  init(_ bytes: UnsafeRawBufferPointer) { (source, end) = (.memory(bytes), bytes.count) }

  /// Size of a frame, and of its content: the stated size, else the most that its blocks can hold.
  struct Frame: Equatable {
    let count: Int
    let contentBound: Int
  }

  /// Maximum content of a block in bytes, whatever the window.
  private static let largestBlock = 1 << 17

  /// The frame at a byte of the file; nil if none starts there, or if it does not end within `most` bytes and the file.
  ///
  /// Block headers are trusted; the decoder checks the blocks.
  mutating func frame(at start: Int, most: Int) throws(Errno) -> Frame? {
    guard let magic = try number(at: start, bytes: 4) else { return nil }
    let limit = min(most, end - start)
    if magic & 0xFFFF_FFF0 == Int(ZSTD_MAGIC_SKIPPABLE_START) {
      guard let size = try number(at: start + 4, bytes: 4), size + 8 <= limit else { return nil }
      return Frame(count: size + 8, contentBound: 0)
    }
    guard magic == Int(ZSTD_MAGICNUMBER), let head = try head(at: start) else { return nil }
    var place = head.bytes
    var bound = 0
    while true {
      guard place + 3 <= limit, let block = try number(at: start + place, bytes: 3) else { return nil }
      let (isLast, type, size) = (block & 1 == 1, block >> 1 & 3, block >> 3)
      // A block that repeats one byte stores only that byte; the last type is reserved.
      guard type < 3 else { return nil }
      place += 3 + (type == 1 ? 1 : size)
      // Compressed blocks do not state how much they hold; others do.
      bound += type == 2 ? min(head.window, Self.largestBlock) : size
      if isLast { break }
    }
    place += head.hasChecksum ? 4 : 0
    guard place <= limit else { return nil }
    // A frame that no decoder takes has no bound: decoding it in order reports the error.
    let isReadable = head.window <= WindowLimit.most
    return Frame(count: place, contentBound: isReadable ? head.contentSize ?? bound : .max)
  }

  /// Where the first frame with content starts, and how much of its content a decoder must keep to decode it in order:
  /// its window, or its content if that is smaller. Nil if there is no such frame in the bytes at hand.
  mutating func firstWindow(from start: Int = 0) throws(Errno) -> (start: Int, bytes: Int)? {
    var place = start
    while let magic = try number(at: place, bytes: 4) {
      if magic & 0xFFFF_FFF0 == Int(ZSTD_MAGIC_SKIPPABLE_START) {
        guard let size = try number(at: place + 4, bytes: 4) else { return nil }
        place += size + 8
      } else {
        guard magic == Int(ZSTD_MAGICNUMBER), let head = try head(at: place) else { return nil }
        return (place, min(head.window, head.contentSize ?? .max))
      }
    }
    return nil
  }

  private struct Head {
    let bytes: Int
    let window: Int
    let contentSize: Int?
    let hasChecksum: Bool
  }

  private mutating func head(at start: Int) throws(Errno) -> Head? {
    guard let descriptor = try number(at: start + 4, bytes: 1) else { return nil }
    let isSingleSegment = descriptor & 0x20 != 0
    guard let window = isSingleSegment ? 0 : try number(at: start + 5, bytes: 1) else { return nil }
    let windowBase = 1 << (10 + window >> 3)
    let dictionaryBytes = [0, 1, 2, 4][descriptor & 3]
    let sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]
    let sizeStart = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes
    var contentSize: Int?
    if sizeBytes > 0 {
      guard let number = try number(at: start + sizeStart, bytes: sizeBytes) else { return nil }
      contentSize = sizeBytes == 2 ? number + 256 : number
    }
    let stated = windowBase + windowBase / 8 * (window & 7)
    return Head(
      bytes: sizeStart + sizeBytes, window: isSingleSegment ? contentSize ?? 0 : stated, contentSize: contentSize,
      hasChecksum: descriptor & 4 != 0)
  }

  /// The little-endian number at a position; nil if the file ends before it. Numbers too large for `Int` become its
  /// maximum.
  private mutating func number(at place: Int, bytes count: Int) throws(Errno) -> Int? {
    guard place + count <= end else { return nil }
    if case .memory(let bytes) = source { return Self.number(bytes[place..<place + count]) }
    if place < windowStart || place + count > windowStart + window.count { try fill(from: place) }
    let first = place - windowStart
    guard first + count <= window.count else { return nil }
    return Self.number(window[first..<first + count])
  }

  private static func number(_ bytes: some BidirectionalCollection<UInt8>) -> Int {
    Int(clamping: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  private mutating func fill(from place: Int) throws(Errno) {
    guard case .file(let file) = source else { return }
    let isNear = 0..<Self.windowBytes ~= place - (windowStart + window.count)
    let bytes = isNear ? Self.windowBytes : Self.leapBytes
    if window.count != bytes { window = [UInt8](repeating: 0, count: bytes) }
    var got: Result<Int, Errno> = .success(0)
    window.withUnsafeMutableBytes { bytes in
      got = Result { () throws(Errno) in try file.read(at: place, into: bytes) }
    }
    windowStart = place
    let count = try got.get()
    window.removeLast(window.count - count)
  }
}
