import Storage
import Support

/// Reads arrays one after another from a byte source, and knows where it is for error messages.
final class ArrayCursor: ByteSource {
  /// The source as the user named it.
  var name: String { source.name }
  var consumedBytes: Int { source.consumedBytes }
  /// Bytes of decoded content read so far.
  private(set) var offset: Int
  /// Whether a plain file is read, so that offsets are those of the file.
  let isPlainFile: Bool
  /// Size of the decoded content, where the file says it.
  private let size: Int?
  let source: ByteSource
  /// Of the file, which mappings of it may outlive the cursor.
  let integrity: FileIntegrity?
  let pool: BufferPool
  private let format: any OrderedFormat.Type

  init(
    _ source: ByteSource, _ format: any OrderedFormat.Type, isPlainFile: Bool, size: Int?,
    integrity: FileIntegrity? = nil,
    pool: BufferPool = BufferPool(), offset: Int = 0
  ) {
    (self.offset, self.integrity, self.source, self.pool) = (offset, integrity, source, pool)
    (self.format, self.isPlainFile, self.size) = (format, isPlainFile, size)
  }

  /// A resumable position; nil where the source has none.
  var mark: ByteMark? { source.mark }

  /// The current place, in words.
  var position: String { isPlainFile ? "byte \(offset)" : "decoded byte \(offset)" }

  /// What the arrays are, in words.
  var container: String { isPlainFile ? format.name : "\(format.name) in Zstandard" }

  /// The header of the next array, or nil at the end of the source.
  func nextHeader() throws -> ArrayHeader? {
    let place = position
    guard let header = try format.nextHeader(in: self) else { return nil }
    try checkAgainstSize(header, at: place)
    return header
  }

  /// Refuses, before anything is set aside for it, an array larger than the rest of a plain file.
  private func checkAgainstSize(_ header: ArrayHeader, at place: String) throws {
    guard let size, header.byteCount > size - offset else { return }
    throw StreamError(
      .truncated, file: name, position: place,
      expected: "\(header.byteCount) bytes for an array of shape \(header.shapeText)",
      found: "\(max(size - offset, 0)) to the end of the file",
      advice: "the file was cut short or its header is damaged: write it again")
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let got = try source.read(into: buffer)
    offset += got
    return got
  }

  func stop() { source.stop() }

  /// Takes at least one byte and at most `count` where they lie, or nil at the end of the source.
  func lend(_ count: Int, from pool: BufferPool) throws -> Piece? {
    let piece = try source.lend(count, from: pool)
    offset += piece?.range.count ?? 0
    return piece
  }

  /// Sets aside `count` bytes in a spool and returns how many there were; fewer only at the end.
  func move(_ count: Int, to spool: Spool) throws -> Int {
    let got = try spool.append(count, from: source)
    offset += got
    return got
  }

  /// Sets the elements of an array aside in a spool, in place of what it held.
  func setAside(_ header: ArrayHeader, _ what: String, in spool: Spool) throws {
    try spool.removeAll()
    guard try move(header.byteCount, to: spool) == header.byteCount else {
      throw truncated("\(what) (\(header.summary))", at: header.position)
    }
  }

  /// Passes over `count` bytes and returns how many there were; fewer only at the end.
  func skip(_ count: Int) throws -> Int {
    let got = try source.skip(count)
    offset += got
    return got
  }

  /// The error that the source ended inside `what`.
  func truncated(_ what: String, at place: String? = nil) -> StreamError {
    StreamError(
      .truncated, file: name, position: place ?? position, expected: what, found: "the end of the data inside it",
      advice: "the data was cut short: check the program that wrote it, or copy it again")
  }
}
