import Storage
import Support

/// Reads NPY arrays one after another from a byte source, and tracks its position for error messages.
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

  init(
    _ source: ByteSource, isPlainFile: Bool, size: Int?, integrity: FileIntegrity? = nil,
    pool: BufferPool = BufferPool(), offset: Int = 0, windowBytes: Int = 0
  ) {
    self.windowBytes = windowBytes
    (self.offset, self.integrity, self.source, self.pool) = (offset, integrity, source, pool)
    (self.isPlainFile, self.size) = (isPlainFile, size)
  }

  /// A resumable position; nil if the source has none.
  var mark: ResumablePosition? { source.mark }

  /// The current position, in words.
  var position: String { isPlainFile ? "byte \(offset)" : "decoded byte \(offset)" }

  /// The header of the next array, or nil at the end of the source.
  func nextHeader() throws -> NPYHeader? {
    let place = position
    var preamble = [UInt8](repeating: 0, count: NPYHeader.preambleCount)
    let got = try preamble.withUnsafeMutableBytes { try fill($0) }
    if got == 0 { return nil }
    guard preamble.prefix(got).starts(with: NPYHeader.magic.prefix(got)) else {
      throw StreamError(
        .badHeader, file: name, position: place, expected: "an NPY array (\(hexadecimal(NPYHeader.magic)))",
        found: hexadecimal(preamble.prefix(min(got, 6))),
        advice: "write arrays one after another with numpy.save and nothing between them")
    }
    guard got == preamble.count else { throw truncated("an NPY header", at: place) }
    let lengthWidth = try NPYHeader.lengthWidth(preamble, file: name, position: place)
    var lengthBytes = [UInt8](repeating: 0, count: lengthWidth)
    try readExactly(&lengthBytes, "an NPY header", at: place)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= NPYHeader.maximumLength else {
      throw StreamError(
        .badHeader, file: name, position: place, expected: "an NPY header of at most \(NPYHeader.maximumLength) bytes",
        found: "\(length) bytes", advice: "write the stream again with numpy.save")
    }
    var text = [UInt8](repeating: 0, count: length)
    try readExactly(&text, "an NPY header", at: place)
    let header = try NPYHeader(text: String(decoding: text, as: UTF8.self), file: name, position: place)
    try checkAgainstSize(header, at: place)
    return header
  }

  /// Rejects an array larger than the rest of a plain file before memory is allocated for it.
  private func checkAgainstSize(_ header: NPYHeader, at place: String) throws {
    guard let size, header.byteCount > size - offset else { return }
    throw StreamError(
      .truncated, file: name, position: place,
      expected: "\(header.byteCount) bytes for an array of shape \(header.shapeText)",
      found: "\(max(size - offset, 0)) left in the file",
      advice: "the file was cut short or its header is damaged: write it again")
  }

  private func readExactly(_ bytes: inout [UInt8], _ what: String, at place: String) throws {
    let got = try bytes.withUnsafeMutableBytes { try fill($0) }
    guard got == bytes.count else { throw truncated(what, at: place) }
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
  func setAside(_ header: NPYHeader, _ what: String, in spill: SpillBuffer) throws {
    try spill.removeAll()
    guard try move(header.byteCount, to: spill) == header.byteCount else {
      throw truncated("\(what) (\(header.summary))", at: header.position)
    }
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
