import CZstd
import SystemPackage

/// Finds where Zstandard frames end in a file without reading them: by their headers, and those of their blocks (RFC 8878,
/// 3.1.1 and 3.1.2).
struct FrameWalk {
  private let file: PositionedFile
  /// Byte at which the file ended when it was opened.
  private let end: Int
  /// Some bytes of the file, among which the next headers often are, and where they start.
  private var window: [UInt8] = []
  private var windowStart = 0

  /// Bytes of a window right behind the last one, as where blocks are small.
  private static let windowBytes = 4096
  /// Bytes of a window that starts elsewhere: enough for the headers of one block and of the frame behind it. More would be
  /// fetched from memory for nothing, once in each block of 128 KiB.
  private static let leapBytes = 32

  init(_ file: PositionedFile, end: Int) {
    self.file = file
    self.end = end
  }

  /// The size of a frame, and that of its content where it says so.
  struct Frame: Equatable {
    let count: Int
    let contentSize: Int?
  }

  /// The frame at a byte of the file; nil where none starts there, or it does not end within `most` bytes and the file.
  ///
  /// What it says of its blocks is taken as it is: whether they make sense is for who decodes them.
  mutating func frame(at start: Int, most: Int) throws(Errno) -> Frame? {
    guard let magic = try number(at: start, bytes: 4) else { return nil }
    let limit = min(most, end - start)
    if magic & 0xFFFF_FFF0 == Int(ZSTD_MAGIC_SKIPPABLE_START) {
      guard let size = try number(at: start + 4, bytes: 4), size + 8 <= limit else { return nil }
      return Frame(count: size + 8, contentSize: 0)
    }
    guard magic == Int(ZSTD_MAGICNUMBER), let head = try head(at: start) else { return nil }
    var place = head.bytes
    while true {
      guard place + 3 <= limit, let block = try number(at: start + place, bytes: 3) else { return nil }
      let (isLast, type, size) = (block & 1 == 1, block >> 1 & 3, block >> 3)
      // Of a block that repeats one byte, that byte alone is there; the last type is reserved.
      guard type < 3 else { return nil }
      place += 3 + (type == 1 ? 1 : size)
      if isLast { break }
    }
    place += head.hasChecksum ? 4 : 0
    return place <= limit ? Frame(count: place, contentSize: head.contentSize) : nil
  }

  private mutating func head(at start: Int) throws(Errno) -> (bytes: Int, contentSize: Int?, hasChecksum: Bool)? {
    guard let descriptor = try number(at: start + 4, bytes: 1) else { return nil }
    let isSingleSegment = descriptor & 0x20 != 0
    let dictionaryBytes = [0, 1, 2, 4][descriptor & 3]
    let sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]
    let sizeStart = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes
    var contentSize: Int?
    if sizeBytes > 0 {
      guard let number = try number(at: start + sizeStart, bytes: sizeBytes) else { return nil }
      contentSize = sizeBytes == 2 ? number + 256 : number
    }
    return (sizeStart + sizeBytes, contentSize, descriptor & 4 != 0)
  }

  /// The bytes at a place as a number, the least significant first; nil where the file ends before. One beyond `Int` is the
  /// largest there is.
  private mutating func number(at place: Int, bytes count: Int) throws(Errno) -> Int? {
    guard place + count <= end else { return nil }
    if place < windowStart || place + count > windowStart + window.count { try fill(from: place) }
    let first = place - windowStart
    guard first + count <= window.count else { return nil }
    let value = window[first..<first + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(clamping: value)
  }

  private mutating func fill(from place: Int) throws(Errno) {
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
