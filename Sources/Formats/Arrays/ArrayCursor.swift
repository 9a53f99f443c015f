import Storage
import Support

/// Reads arrays one after another from a byte source, and tracks its position for error messages.
final class ArrayCursor: ByteSource {
  /// The source as the user named it.
  var name: String { source.name }
  var consumedBytes: Int { source.consumedBytes }
  /// Bytes of decoded content read so far.
  private(set) var offset: Int
  /// Whether the source is a plain file, so that offsets are offsets in the file.
  let isPlainFile: Bool
  /// Size of the decoded content, if the file states it.
  private let size: Int?
  let source: ByteSource
  /// Integrity of the file; mappings of the file may outlive the cursor.
  let integrity: FileIntegrity?
  let pool: BufferPool
  /// See ``WindowLimit/extra``.
  let windowBytes: Int
  private let format: any OrderedFormat.Type
  var recentHeaders = RecentHeaders()

  init(
    _ source: ByteSource, _ format: any OrderedFormat.Type, isPlainFile: Bool, size: Int?,
    integrity: FileIntegrity? = nil,
    pool: BufferPool = BufferPool(), offset: Int = 0, windowBytes: Int = 0
  ) {
    self.windowBytes = windowBytes
    (self.offset, self.integrity, self.source, self.pool) = (offset, integrity, source, pool)
    (self.format, self.isPlainFile, self.size) = (format, isPlainFile, size)
  }

  /// A resumable position; nil if the source has none.
  var mark: ResumablePosition? { source.mark }

  var place: ArrayPlace { ArrayPlace(offset: offset, isPlainFile: isPlainFile) }

  /// The current position, in words.
  var position: String { place.words }

  /// The kind of file, in words.
  var container: String { isPlainFile ? format.name : "\(format.name) in Zstandard" }

  /// The header of the next array, or nil at the end of the source.
  func nextHeader() throws -> ArrayHeader? {
    let place = place
    guard let header = try format.nextHeader(in: self) else { return nil }
    try checkAgainstSize(header, at: place)
    return header
  }

  /// Rejects an array larger than the rest of a plain file before memory is allocated for it.
  private func checkAgainstSize(_ header: ArrayHeader, at place: ArrayPlace) throws {
    guard let size, header.byteCount > size - offset else { return }
    throw StreamError(
      .truncated, file: name, position: place.words,
      expected: "\(header.byteCount) bytes for an array of shape \(header.shapeText)",
      found: "\(max(size - offset, 0)) left in the file",
      advice: "the file was cut short or its header is damaged: write it again")
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let got = try source.read(into: buffer)
    offset += got
    return got
  }

  func stop() { source.stop() }

  /// Lends between 1 and `count` bytes in place; nil at the end of the source.
  func lend(_ count: Int, from pool: BufferPool) throws -> Piece? {
    let piece = try source.lend(count, from: pool)
    offset += piece?.range.count ?? 0
    return piece
  }

  /// Moves `count` bytes into a spool and returns how many it moved; fewer only at the end.
  func move(_ count: Int, to spill: SpillBuffer) throws -> Int {
    let got = try spill.append(count, from: source)
    offset += got
    return got
  }

  /// Moves the elements of an array into a spool, replacing its content.
  func setAside(_ header: ArrayHeader, _ what: String, in spill: SpillBuffer) throws {
    try spill.removeAll()
    while spill.count < header.byteCount {
      let wanted = min(header.byteCount - spill.count, Self.setAsideAtOnce)
      guard try move(wanted, to: spill) == wanted else {
        throw truncated("\(what) (\(header.summary))", at: header.position)
      }
      try checkRatio(spill.count, what, at: header.position)
    }
  }

  private static let setAsideAtOnce = 64 << 20
  /// Bytes that may be set aside whatever they were read from.
  private static let setAsideFreely = 256 << 20
  /// Bytes set aside for each byte read. Zstandard makes no more of the labels of any text.
  private static let mostSetAside = 1000

  /// Refuses a file that decompresses far beyond what data can: it would fill the disk with what has to be set aside.
  private func checkRatio(_ count: Int, _ what: String, at place: String) throws {
    guard count > Self.setAsideFreely, count / Self.mostSetAside > consumedBytes else { return }
    throw StreamError(
      .corrupt, file: name, position: place,
      expected: "\(what) of at most \(Self.mostSetAside) bytes for each compressed byte",
      found: "\(ByteCount.describe(count)) from \(ByteCount.describe(consumedBytes))",
      advice: "check where the file is from; if it is right, write it again in batches of fewer rows")
  }

  /// Skips `count` bytes and returns how many it skipped; fewer only at the end.
  func skip(_ count: Int) throws -> Int {
    let got = try source.skip(count)
    offset += got
    return got
  }

  /// The error for a source that ends inside `what`.
  func truncated(_ what: String, at place: String? = nil) -> StreamError {
    StreamError(
      .truncated, file: name, position: place ?? position, expected: what, found: "the end of the data inside it",
      advice: "the data was cut short: check the program that wrote it, or copy it again")
  }
}
